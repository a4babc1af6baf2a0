package dev.farshore.agent.mirror.control;

import dev.farshore.agent.mirror.control.ControlMessage.*;
import dev.farshore.log.group.VolumeInfo;
import dev.farshore.log.record.LogPosition;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Control messages to bytes and back. */
public final class ControlCodec {
  private static final byte VERSION = 3;
  private static final int MIN_VOLUME_BYTES = 14;

  private ControlCodec() {}

  public static ByteBuffer encode(ControlMessage message) {
    FieldWriter out = new FieldWriter();
    switch (message) {
      case Hello m ->
          start(out, MessageType.HELLO)
              .int64(m.groupId())
              .text(m.group())
              .int32(m.site())
              .epoch(m.epoch())
              .position(m.last());
      case Welcome m ->
          start(out, MessageType.WELCOME)
              .int8(m.empty() ? 1 : 0)
              .position(m.last())
              .int64(m.first());
      case Refused m ->
          start(out, MessageType.REFUSED)
              .int8(m.kind().ordinal())
              .epoch(m.promised())
              .text(m.reason());
      case AskChain m -> start(out, MessageType.ASK_CHAIN).int64(m.lsn());
      case ChainIs m -> {
        start(out, MessageType.CHAIN_IS).int64(m.lsn()).int8(m.position().isPresent() ? 1 : 0);
        m.position().ifPresent(out::position);
      }
      case PullTail m -> start(out, MessageType.PULL_TAIL).int64(m.fromLsn());
      case TailBytes m ->
          start(out, MessageType.TAIL_BYTES).bytes(m.bytes()).int8(m.endsRecord() ? 1 : 0);
      case TailEnd m -> start(out, MessageType.TAIL_END).position(m.last());
      case CutTo m -> start(out, MessageType.CUT_TO).int64(m.lsn());
      case CutDone m -> start(out, MessageType.CUT_DONE).position(m.last());
      case CutRefused m -> start(out, MessageType.CUT_REFUSED).int64(m.folded());
      case BeginFill m -> beginFill(out, m);
      case FillFrom m -> start(out, MessageType.FILL_FROM).int32(m.volume()).int64(m.offset());
      case Filled m -> start(out, MessageType.FILLED).position(m.at());
      case BeginStream m -> {
        start(out, MessageType.BEGIN_STREAM).int64(m.session()).int64(m.fromLsn());
        LinkTerms.write(out, m.link());
      }
      case Ready m -> start(out, MessageType.READY);
      case PrimaryProgress m ->
          start(out, MessageType.PRIMARY_PROGRESS)
              .int64(m.appended())
              .int64(m.forced())
              .int64(m.folded());
      case Ping m -> start(out, MessageType.PING).int64(m.number());
      case Pong m -> start(out, MessageType.PONG).int64(m.number());
      case StreamBroken m -> start(out, MessageType.STREAM_BROKEN).text(m.reason());
      case SwitchoverRequest m -> start(out, MessageType.SWITCHOVER_REQUEST).epoch(m.epoch());
      case SwitchoverDone m -> start(out, MessageType.SWITCHOVER_DONE).position(m.last());
      case SwitchoverFailed m -> start(out, MessageType.SWITCHOVER_FAILED).text(m.reason());
      case MirrorProgress m -> start(out, MessageType.MIRROR_PROGRESS).int64(m.folded());
      case LogLost m -> start(out, MessageType.LOG_LOST).int64(m.lsn());
    }
    return out.toBuffer();
  }

  private static FieldWriter start(FieldWriter out, MessageType type) {
    return out.int8(VERSION).int8(type.code());
  }

  private static void beginFill(FieldWriter out, BeginFill m) {
    start(out, MessageType.BEGIN_FILL)
        .int64(m.session())
        .position(m.at())
        .int32(m.volumes().size());
    for (VolumeInfo volume : m.volumes()) {
      out.int32(volume.volume()).text(volume.name()).int64(volume.sizeBytes());
    }
    LinkTerms.write(out, m.link());
  }

  /**
   * @param message position to limit; a {@link TailBytes} that is returned is a view of it
   */
  public static ControlMessage decode(ByteBuffer message) throws MalformedMessageException {
    FieldReader in = new FieldReader(message.slice());
    byte version = in.int8();
    if (version != VERSION) {
      throw new MalformedMessageException("version " + version + ", this site speaks " + VERSION);
    }
    ControlMessage decoded = fields(MessageType.of(in.int8()), in);
    in.end();
    return decoded;
  }

  private static ControlMessage fields(MessageType type, FieldReader in)
      throws MalformedMessageException {
    return switch (type) {
      case HELLO -> new Hello(in.int64(), in.text(), in.int32(), in.epoch(), in.position());
      case WELCOME -> new Welcome(in.flag(), in.position(), in.size());
      case REFUSED -> new Refused(refusal(in.int8()), in.epoch(), in.text());
      case ASK_CHAIN -> new AskChain(in.size());
      case CHAIN_IS -> {
        long lsn = in.size();
        Optional<LogPosition> position = in.flag() ? Optional.of(in.position()) : Optional.empty();
        yield new ChainIs(lsn, position);
      }
      case PULL_TAIL -> new PullTail(in.size());
      case TAIL_BYTES -> new TailBytes(in.bytes(), in.flag());
      case TAIL_END -> new TailEnd(in.position());
      case CUT_TO -> new CutTo(in.size());
      case CUT_DONE -> new CutDone(in.position());
      case CUT_REFUSED -> new CutRefused(in.size());
      case BEGIN_FILL -> new BeginFill(in.int64(), in.position(), volumes(in), LinkTerms.read(in));
      case FILL_FROM -> new FillFrom(in.int32(), in.size());
      case FILLED -> new Filled(in.position());
      case BEGIN_STREAM -> {
        long session = in.int64();
        long from = in.size();
        yield new BeginStream(session, from, LinkTerms.read(in));
      }
      case READY -> new Ready();
      case PRIMARY_PROGRESS -> new PrimaryProgress(in.size(), in.size(), in.size());
      case PING -> new Ping(in.int64());
      case PONG -> new Pong(in.int64());
      case STREAM_BROKEN -> new StreamBroken(in.text());
      case SWITCHOVER_REQUEST -> new SwitchoverRequest(in.epoch());
      case SWITCHOVER_DONE -> new SwitchoverDone(in.position());
      case SWITCHOVER_FAILED -> new SwitchoverFailed(in.text());
      case MIRROR_PROGRESS -> new MirrorProgress(in.size());
      case LOG_LOST -> new LogLost(in.size());
    };
  }

  private static RefusalKind refusal(int ordinal) throws MalformedMessageException {
    RefusalKind[] kinds = RefusalKind.values();
    if (ordinal < 0 || ordinal >= kinds.length) {
      throw new MalformedMessageException("refusal " + ordinal);
    }
    return kinds[ordinal];
  }

  private static List<VolumeInfo> volumes(FieldReader in) throws MalformedMessageException {
    int count = in.count(MIN_VOLUME_BYTES);
    List<VolumeInfo> volumes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      VolumeInfo volume = new VolumeInfo(in.int32(), in.text(), in.size());
      int before = volumes.isEmpty() ? 0 : volumes.getLast().volume();
      if (volume.volume() <= before || volume.sizeBytes() > VolumeInfo.SIZE_BYTES_MAX) {
        throw new MalformedMessageException("a volume that cannot be: " + volume);
      }
      volumes.add(volume);
    }
    return volumes;
  }
}

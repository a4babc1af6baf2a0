package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.*;

import dev.farshore.appliance.export.Export;
import dev.farshore.appliance.export.ExportDirectory;
import dev.farshore.appliance.nbd.OptionData.ExportQuery;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The fixed newstyle handshake of one connection, without its socket: bytes in, bytes out. NOTLS
 * mode of section "TLS support": STARTTLS is answered with ERR_UNSUP, never TLS_REQD.
 *
 * <p>Keeps at most {@link #MAX_OPTION_BYTES} of what the client sends, and only what has arrived.
 */
final class Handshake implements AutoCloseable {

  /** What a step came to. */
  sealed interface Step {}

  /** It needs more input; everything given was consumed. */
  record More() implements Step {}

  /** An option was dealt with. Call again, once the client takes its replies. */
  record Answered() implements Step {}

  /** Transmission begins, after what was written out; the rest of the input belongs to it. */
  record Enter(Session session) implements Step {}

  /** The connection ends, after what was written out. */
  record Leave(End end) implements Step {}

  /** Why a handshake came to nothing. */
  enum End {
    /** The client wanted no more. */
    ABORTED,
    /** There is no such export, and the option that asked for it knows no errors. */
    REFUSED,
    /** The client broke a mandatory condition of the text. */
    VIOLATION
  }

  /**
   * Most data of one option that is looked at. Far above an export name and the one metadata
   * context that there is; what is longer is skipped, and refused with ERR_TOO_BIG.
   */
  static final int MAX_OPTION_BYTES = 1 << 14;

  /**
   * Most options of one client. A client that lists exports asks up to four options about each of
   * them in one handshake (nbdinfo --list does), so this is not small; time is limited too.
   */
  static final int MAX_OPTIONS = 4096;

  private static final int CLIENT_FLAGS_BYTES = 4;
  private static final int OPTION_HEADER_BYTES = 16;
  private static final Step MORE = new More();
  private static final Step ANSWERED = new Answered();

  private enum State {
    CLIENT_FLAGS,
    OPTION_HEADER,
    OPTION_DATA,
    OVER
  }

  private final ExportDirectory exports;
  private final BooleanSupplier shuttingDown;
  private final MetaContexts contexts;
  private final DescribedExport described;
  private final ByteBuf pending = Unpooled.buffer(OPTION_HEADER_BYTES, MAX_OPTION_BYTES);
  private State state = State.CLIENT_FLAGS;
  private boolean zeroesWanted;
  private boolean structuredReplies;
  private int options;
  private int option;
  private long dataBytes;
  private long skipBytes;

  /**
   * @param shuttingDown whether options are to be refused with ERR_SHUTDOWN by now
   */
  Handshake(ExportDirectory exports, BooleanSupplier shuttingDown) {
    this.exports = exports;
    this.shuttingDown = shuttingDown;
    this.contexts = new MetaContexts(exports);
    this.described = new DescribedExport(exports);
  }

  /** What the server says first. */
  static void greet(ByteBuf out) {
    out.writeLong(INIT_MAGIC)
        .writeLong(OPTION_MAGIC)
        .writeShort(FLAG_FIXED_NEWSTYLE | FLAG_NO_ZEROES);
  }

  /**
   * Deals with the next piece of the client's side, at most one option.
   *
   * @param in read from its reader index on
   * @param out replies are appended
   */
  Step step(ByteBuf in, ByteBuf out) {
    while (true) {
      switch (state) {
        case CLIENT_FLAGS -> {
          if (!gather(in, CLIENT_FLAGS_BYTES)) {
            return MORE;
          }
          int flags = pending.readInt();
          if ((flags & ~(FLAG_FIXED_NEWSTYLE | FLAG_NO_ZEROES)) != 0) {
            return leave(End.VIOLATION);
          }
          zeroesWanted = (flags & FLAG_NO_ZEROES) == 0;
          state = State.OPTION_HEADER;
        }
        case OPTION_HEADER -> {
          if (!gather(in, OPTION_HEADER_BYTES)) {
            return MORE;
          }
          if (pending.readLong() != OPTION_MAGIC) {
            return leave(End.VIOLATION);
          }
          if (++options > MAX_OPTIONS) {
            return leave(End.VIOLATION);
          }
          option = pending.readInt();
          dataBytes = pending.readUnsignedInt();
          skipBytes = dataBytes > MAX_OPTION_BYTES ? dataBytes : 0;
          state = State.OPTION_DATA;
        }
        case OPTION_DATA -> {
          if (skipBytes > 0) {
            int now = (int) Math.min(skipBytes, in.readableBytes());
            in.skipBytes(now);
            skipBytes -= now;
            if (skipBytes > 0) {
              return MORE;
            }
            pending.clear();
          } else if (!gather(in, (int) dataBytes)) {
            return MORE;
          }
          state = State.OPTION_HEADER;
          return answer(out);
        }
        case OVER -> {
          in.skipBytes(in.readableBytes());
          return MORE;
        }
      }
    }
  }

  /** The connection is gone, or was handed to transmission. */
  @Override
  public void close() {
    state = State.OVER;
    described.forget();
  }

  /** True once {@code pending} holds exactly {@code wanted} unread bytes. */
  private boolean gather(ByteBuf in, int wanted) {
    if (!pending.isReadable()) {
      pending.clear();
    }
    int now = Math.min(wanted - pending.readableBytes(), in.readableBytes());
    pending.writeBytes(in, now);
    return pending.readableBytes() == wanted;
  }

  private Step answer(ByteBuf out) {
    OptionReplies replies = new OptionReplies(option, out);
    if (option == OPT_SET_META_CONTEXT) {
      contexts.forget();
    }
    boolean tooBig = dataBytes > MAX_OPTION_BYTES;
    if (option == OPT_ABORT) {
      replies.ack();
      return leave(End.ABORTED);
    }
    if (option == OPT_EXPORT_NAME) {
      return tooBig ? leave(End.VIOLATION) : enterByName(out);
    }
    if (shuttingDown.getAsBoolean()) {
      replies.error(REP_ERR_SHUTDOWN, "the server is shutting down");
    } else if (!known(option)) {
      replies.error(REP_ERR_UNSUP, "unknown option");
    } else if (tooBig) {
      replies.error(REP_ERR_TOO_BIG, "more than " + MAX_OPTION_BYTES + " bytes of option data");
    } else if (option == OPT_GO) {
      return go(replies);
    } else {
      answerKnown(replies);
    }
    pending.clear();
    return ANSWERED;
  }

  private static boolean known(int option) {
    return switch (option) {
      case OPT_LIST,
          OPT_INFO,
          OPT_GO,
          OPT_STRUCTURED_REPLY,
          OPT_LIST_META_CONTEXT,
          OPT_SET_META_CONTEXT ->
          true;
      default -> false;
    };
  }

  private void answerKnown(OptionReplies replies) {
    if (option != OPT_INFO) {
      described.forget();
    }
    switch (option) {
      case OPT_LIST -> {
        if (refuseData(replies)) {
          return;
        }
        for (String name : exports.names()) {
          replies.server(name);
        }
        replies.ack();
      }
      case OPT_STRUCTURED_REPLY -> {
        if (refuseData(replies)) {
          return;
        }
        structuredReplies = true;
        replies.ack();
      }
      case OPT_INFO -> info(replies);
      case OPT_LIST_META_CONTEXT -> contexts.list(pending, structuredReplies, replies);
      case OPT_SET_META_CONTEXT -> contexts.select(pending, structuredReplies, replies);
      default -> throw new IllegalStateException("option " + option);
    }
  }

  private boolean refuseData(OptionReplies replies) {
    if (dataBytes == 0) {
      return false;
    }
    replies.error(REP_ERR_INVALID, "this option takes no data");
    return true;
  }

  private void info(OptionReplies replies) {
    Optional<ExportQuery> query = OptionData.exportQuery(pending);
    if (query.isEmpty()) {
      described.forget();
      replies.error(REP_ERR_INVALID, "malformed request");
      return;
    }
    Optional<Export> export = described.open(query.get().name());
    if (export.isEmpty()) {
      replies.error(REP_ERR_UNKNOWN, "no such export");
      return;
    }
    described.keep(query.get().name(), export.get());
    describe(export.get(), query.get(), replies);
    replies.ack();
  }

  private Step go(OptionReplies replies) {
    Optional<ExportQuery> query = OptionData.exportQuery(pending);
    pending.clear();
    if (query.isEmpty()) {
      described.forget();
      replies.error(REP_ERR_INVALID, "malformed request");
      return ANSWERED;
    }
    Optional<Export> export = described.open(query.get().name());
    if (export.isEmpty()) {
      replies.error(REP_ERR_UNKNOWN, "no such export");
      return ANSWERED;
    }
    describe(export.get(), query.get(), replies);
    replies.ack();
    return enter(query.get().name(), export.get());
  }

  /** Section "Newstyle negotiation": no error can be returned here, so failures end the session. */
  private Step enterByName(ByteBuf out) {
    Optional<String> name = WireString.read(pending, (int) dataBytes);
    if (name.isEmpty()) {
      return leave(End.VIOLATION);
    }
    if (shuttingDown.getAsBoolean()) {
      return leave(End.REFUSED);
    }
    Optional<Export> export = described.open(name.get());
    if (export.isEmpty()) {
      return leave(End.REFUSED);
    }
    out.writeLong(export.get().sizeBytes())
        .writeShort(Session.transmissionFlags(export.get(), structuredReplies));
    if (zeroesWanted) {
      out.writeZero(124);
    }
    return enter(name.get(), export.get());
  }

  private Step enter(String name, Export export) {
    state = State.OVER;
    return new Enter(new Session(export, structuredReplies, contexts.selectedFor(name)));
  }

  private Step leave(End end) {
    state = State.OVER;
    return new Leave(end);
  }

  private void describe(Export export, ExportQuery query, OptionReplies replies) {
    replies.infoExport(export, structuredReplies);
    if (query.information().contains(INFO_NAME)) {
      replies.infoText(INFO_NAME, export.name());
    }
    if (query.information().contains(INFO_DESCRIPTION)) {
      replies.infoText(INFO_DESCRIPTION, export.description());
    }
    if (query.information().contains(INFO_BLOCK_SIZE)) {
      replies.infoBlockSize();
    }
  }
}

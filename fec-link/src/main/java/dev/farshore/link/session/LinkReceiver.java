package dev.farshore.link.session;

import dev.farshore.link.code.PeelingDecoder;
import dev.farshore.link.code.RepairListener;
import dev.farshore.link.packet.ArrivalCounts;
import dev.farshore.link.packet.Packet;
import dev.farshore.link.packet.PacketLayout;
import dev.farshore.link.packet.PacketReader;
import dev.farshore.link.packet.PacketWriter;
import dev.farshore.link.packet.SequenceRange;
import dev.farshore.link.port.DatagramPort;
import dev.farshore.link.port.DatagramPort.SendOutcome;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The receiving end of a session: repairs losses from repair packets, asks for what the code cannot
 * repair, and gives the stream out in order. A step function of one owner thread.
 *
 * <p>Memory: the window, as many bytes as the longest coding group spans, a few dozen bytes for
 * each packet of both, and a bounded number of repair packets.
 */
public final class LinkReceiver {

  private static final int MOST_ACK_RANGES = 32;
  private static final int LEAST_REPAIRS_HELD = 256;

  /** How soon to try again when the port took nothing. */
  private static final long RETRY_NANOS = 1_000_000;

  private final DatagramPort port;
  private final InetSocketAddress peer;
  private final boolean coded;
  private final int datagramBytes;
  private final int windowBytes;
  private final PacketReader reader;
  private final PacketWriter writer;
  private final ReceiveWindow window;
  private final PeelingDecoder decoder;
  private final ArrivalMeter meter = new ArrivalMeter();
  private final AckSchedule acks;
  private final NakPlanner naks;
  private long number;
  private Report report = Report.NONE;
  private boolean mirroredAdvanced;
  private boolean reportChanged;
  private boolean stirred;
  private long lastPollNanos;
  private long retryNanos = Deadline.NONE;
  private long edgeTold;
  private int echoMicros;
  private long echoNanos;
  private long lastArrivalNanos;
  private long streamEnd = -1;
  private long dataPackets;
  private long repairPackets;
  private long resentPackets;
  private long duplicatePackets;
  private long droppedPackets;
  private long wireBytes;

  public LinkReceiver(
      LinkSettings settings,
      long sessionId,
      DatagramPort port,
      InetSocketAddress peer,
      long nowNanos) {
    CodePlan plan = CodePlan.of(settings);
    this.port = port;
    this.peer = peer;
    this.coded = !plan.layers().isEmpty();
    this.datagramBytes = settings.datagramBytesOver(port);
    this.windowBytes = settings.windowBytes();
    this.reader = new PacketReader(sessionId, settings.datagramBytes());
    this.writer = new PacketWriter(sessionId, datagramBytes);
    this.window = new ReceiveWindow(settings, plan);
    int repairs = Math.max(LEAST_REPAIRS_HELD, 4 * plan.repairsInFlight());
    this.decoder =
        new PeelingDecoder(window, settings.maxPayloadBytes(), window.capacityPackets(), repairs);
    this.acks = new AckSchedule(settings.windowBytes() / settings.maxPayloadBytes());
    this.naks = new NakPlanner(window);
    this.edgeTold = window.windowEdge();
    this.lastArrivalNanos = nowNanos;
    this.lastPollNanos = nowNanos;
  }

  /**
   * From now on {@code listener} is told what the code restores, within {@link #onDatagram}, in
   * place of an earlier one. It must not call the receiver.
   */
  public void repairListener(RepairListener listener) {
    decoder.listener(listener);
  }

  /**
   * Takes a data, repair, ping or close packet of this session; anything else is counted and
   * dropped.
   */
  public void onDatagram(ByteBuffer datagram, long nowNanos) {
    int bytes = datagram.remaining();
    switch (reader.read(datagram)) {
      case Packet.Data data when isFresh(data.number(), bytes, nowNanos) -> onData(data, nowNanos);
      case Packet.Repair repair when isFresh(repair.number(), bytes, nowNanos) ->
          onRepair(repair, nowNanos);
      case Packet.Ping ping when isFresh(ping.number(), bytes, nowNanos) -> onPing(ping, nowNanos);
      case Packet.Close close when isFresh(close.number(), bytes, nowNanos) ->
          onClose(close, nowNanos);
      case Packet.Data data -> duplicatePackets++;
      case Packet.Repair repair -> duplicatePackets++;
      case Packet.Ping ping -> duplicatePackets++;
      case Packet.Close close -> duplicatePackets++;
      case Packet.Ack ack -> droppedPackets++;
      case Packet.Nak nak -> droppedPackets++;
      case Packet.Rejected rejected -> droppedPackets++;
    }
  }

  private boolean isFresh(long packetNumber, int bytes, long nowNanos) {
    lastArrivalNanos = nowNanos;
    naks.onHeard(nowNanos);
    wireBytes += bytes + PacketLayout.WIRE_OVERHEAD_BYTES;
    return meter.arrive(packetNumber, nowNanos);
  }

  private void onData(Packet.Data data, long nowNanos) {
    echoMicros = data.sentMicros();
    echoNanos = nowNanos;
    long expected = window.hereEnd();
    naks.onKnown(data.sequence() + 1, nowNanos);
    switch (window.accept(data.sequence(), data.streamOffset(), data.payload())) {
      case DUPLICATE -> {
        duplicatePackets++;
        acks.onNews(nowNanos);
      }
      case BEYOND, CONTRADICTION -> {
        droppedPackets++;
        acks.onNews(nowNanos);
      }
      case TAKEN -> {
        if (naks.onArrival(data.sequence(), nowNanos)) {
          resentPackets++;
        } else {
          dataPackets++;
        }
        decoder.onArrival(data.sequence());
        if (!coded) {
          naks.onCovered(data.sequence() + 1, nowNanos);
        }
        onTaken(data.sequence() != expected, nowNanos);
      }
    }
  }

  private void onTaken(boolean outOfOrder, long nowNanos) {
    boolean hadGap = hasGap();
    window.advance();
    if (outOfOrder || (hadGap && !hasGap())) {
      acks.onUrgent(nowNanos);
    } else {
      acks.onData(nowNanos);
    }
  }

  private void onRepair(Packet.Repair repair, long nowNanos) {
    repairPackets++;
    naks.onKnown(Math.max(repair.recipe().last() + 1, repair.coveredSequence()), nowNanos);
    PeelingDecoder.Outcome outcome =
        decoder.onRepair(repair.recipe(), repair.index(), repair.symbol());
    naks.onCovered(repair.coveredSequence(), nowNanos);
    if (outcome == PeelingDecoder.Outcome.SOLVED) {
      onTaken(true, nowNanos);
    }
  }

  private void onPing(Packet.Ping ping, long nowNanos) {
    echoMicros = ping.sentMicros();
    echoNanos = nowNanos;
    naks.onKnown(ping.nextSequence(), nowNanos);
    naks.onCovered(ping.coveredSequence(), nowNanos);
    acks.onPing(nowNanos);
  }

  private void onClose(Packet.Close close, long nowNanos) {
    streamEnd = close.streamEnd();
    naks.onKnown(close.nextSequence(), nowNanos);
    acks.onPing(nowNanos);
  }

  /**
   * The next bytes of the stream, in order; empty if none are here. Bytes that are not consumed
   * hold back the sender.
   *
   * @return position to limit, read-only, valid until the next call of {@link #consume}
   */
  public ByteBuffer peek() {
    return window.readable();
  }

  /** Says that the first {@code bytes} bytes that {@link #peek} showed are done with. */
  public void consume(int bytes) {
    window.consume(bytes);
    stirred = true;
  }

  /** Stream offset of the next byte that {@link #peek} shows. */
  public long consumedOffset() {
    return window.consumedOffset();
  }

  /** What every ack from now on carries. An advance of {@code mirrored} is acknowledged at once. */
  public void report(Report newReport) {
    mirroredAdvanced |= newReport.mirrored() > report.mirrored();
    reportChanged |= !newReport.equals(report);
    report = newReport;
    stirred = true;
  }

  /** When the last packet of this session arrived. */
  public long lastArrivalNanos() {
    return lastArrivalNanos;
  }

  /** Whether packets are missing before others that are here. */
  public boolean hasGap() {
    return window.hereEnd() > window.next();
  }

  /** Whether the sender has said that the stream is over, and all of it was consumed. */
  public boolean isEnded() {
    return streamEnd >= 0 && window.consumedOffset() == streamEnd;
  }

  /** Sends acks and naks that are due. */
  public void poll(long nowNanos) {
    lastPollNanos = nowNanos;
    stirred = false;
    takeNews(nowNanos);
    if (retryNanos != Deadline.NONE && !Deadline.isPast(retryNanos, nowNanos)) {
      return;
    }
    retryNanos = Deadline.NONE;
    boolean sent = Deadline.isPast(acks.dueNanos(), nowNanos) && sendAck(nowNanos);
    if (retryNanos == Deadline.NONE && Deadline.isPast(naks.dueNanos(), nowNanos)) {
      sent |= sendNak(nowNanos);
    }
    if (sent) {
      port.flush();
    }
  }

  private void takeNews(long nowNanos) {
    if (mirroredAdvanced || window.windowEdge() - edgeTold >= windowBytes / 4) {
      acks.onUrgent(nowNanos);
    } else if (reportChanged) {
      acks.onNews(nowNanos);
    }
    mirroredAdvanced = false;
    reportChanged = false;
  }

  /** When {@link #poll} has work; in the past if it has some now. */
  public long nextDeadlineNanos() {
    if (stirred) {
      return lastPollNanos;
    }
    long next = Deadline.earlier(acks.dueNanos(), naks.dueNanos());
    return retryNanos == Deadline.NONE ? next : Deadline.later(next, retryNanos);
  }

  public LinkStatistics statistics() {
    ArrivalCounts arrival = meter.counts(0);
    return new LinkStatistics(
        dataPackets,
        repairPackets,
        resentPackets,
        decoder.restored(),
        arrival.arrived(),
        arrival.lost(),
        duplicatePackets,
        droppedPackets + window.contradictions(),
        arrival.longestBurst(),
        arrival.meanBurst256() / 256.0,
        wireBytes);
  }

  private boolean sendAck(long nowNanos) {
    long hold = Math.min((nowNanos - echoNanos) / 1000, 0xffff_ffffL);
    Packet.Ack ack =
        new Packet.Ack(
            number,
            window.next(),
            window.windowEdge(),
            report.received(),
            report.mirrored(),
            meter.largest(),
            echoMicros,
            (int) hold,
            meter.counts(decoder.restored()),
            arrivedRanges());
    if (!send(writer.ack(ack), nowNanos)) {
      return false;
    }
    edgeTold = window.windowEdge();
    acks.onSent(nowNanos);
    return true;
  }

  private List<SequenceRange> arrivedRanges() {
    int most = Math.min(MOST_ACK_RANGES, PacketLayout.maxAckRanges(datagramBytes));
    List<SequenceRange> ranges = new ArrayList<>();
    long end = window.hereEnd();
    long first = window.firstHere(window.next(), end);
    while (first < end && ranges.size() < most) {
      long rangeEnd = window.firstMissing(first, end);
      ranges.add(new SequenceRange(first, rangeEnd));
      first = window.firstHere(rangeEnd, end);
    }
    return ranges;
  }

  private boolean sendNak(long nowNanos) {
    List<SequenceRange> ranges = naks.plan(PacketLayout.maxNakRanges(datagramBytes), nowNanos);
    if (ranges.isEmpty()) {
      return false;
    }
    return send(
        writer.nak(new Packet.Nak(number, window.next(), meter.largest(), ranges)), nowNanos);
  }

  private boolean send(ByteBuffer datagram, long nowNanos) {
    SendOutcome outcome = port.send(peer, datagram);
    if (outcome != SendOutcome.SENT) {
      retryNanos = nowNanos + RETRY_NANOS;
      return false;
    }
    number++;
    return true;
  }
}

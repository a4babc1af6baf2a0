package dev.farshore.link.session;

import dev.farshore.link.packet.Packet;
import dev.farshore.link.packet.PacketLayout;
import dev.farshore.link.packet.PacketReader;
import dev.farshore.link.packet.PacketWriter;
import dev.farshore.link.packet.SequenceRange;
import dev.farshore.link.port.DatagramPort;
import dev.farshore.link.risk.LossChance;
import dev.farshore.link.risk.Tail;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The sending end of a session: takes an ordered stream of bytes, puts it into data packets with
 * repair packets beside them, resends what the code could not repair. A step function of one owner
 * thread; time comes in as an argument, of a clock that may have any zero.
 *
 * <p>Bytes that were offered wait until {@link #poll} may send them, so what is offered between two
 * polls shares packets. Memory is the window, a few dozen bytes for each packet of it, and the open
 * coding groups.
 */
public final class LinkSender {

  /** A poll ends after that many datagrams; the next one is due at once. */
  private static final int MOST_PER_POLL = 256;

  /**
   * So many packets are looked at one by one for what could be lost, and some spans of the code.
   */
  private static final int LEAST_TAIL = 1024;

  private final LinkSettings settings;
  private final CodePlan plan;
  private final Outlet outlet;
  private final PacketReader reader;
  private final StreamRing stream;
  private final SentPackets packets;
  private final Coverage coverage;
  private final Redundancy redundancy;
  private final Departures departures;
  private final RoundTrip roundTrip = new RoundTrip();
  private final Feedback feedback;
  private final Prober prober;
  private final Dispatch dispatch;
  private final int payloadBytes;
  private long offered;
  private boolean closeDue;
  private boolean stirred = true;
  private long deadlineNanos;
  private long lastPollNanos;
  private long droppedPackets;

  /**
   * @param sessionId agreed by both ends on the control channel; packets of other sessions are
   *     ignored
   */
  public LinkSender(
      LinkSettings settings,
      long sessionId,
      DatagramPort port,
      InetSocketAddress peer,
      long nowNanos) {
    this.settings = settings;
    this.plan = CodePlan.of(settings);
    int datagramBytes = settings.datagramBytesOver(port);
    this.payloadBytes = PacketLayout.maxPayloadBytes(datagramBytes);
    this.reader = new PacketReader(sessionId, settings.datagramBytes());
    this.outlet = new Outlet(port, peer, settings, nowNanos);
    this.stream = new StreamRing(settings.windowBytes());
    int windowPackets = CodePlan.windowPackets(settings);
    this.packets = new SentPackets(windowPackets, plan.spacingPackets());
    this.coverage = new Coverage(packets, plan.layers().size(), windowPackets);
    this.redundancy = new Redundancy(plan, packets, payloadBytes, settings.flushNanos(), nowNanos);
    this.departures = new Departures(port, packets, coverage, nowNanos);
    this.feedback = new Feedback(roundTrip, settings.windowBytes());
    this.prober = new Prober(roundTrip, nowNanos);
    Composer composer =
        new Composer(new PacketWriter(sessionId, datagramBytes), stream, packets, coverage);
    this.dispatch =
        new Dispatch(composer, outlet, packets, coverage, redundancy, departures, prober);
    this.lastPollNanos = nowNanos;
  }

  /** Bytes that {@link #offer} takes now: the window's room. */
  public int writableBytes() {
    return settings.windowBytes() - (int) (offered - acknowledgedOffset());
  }

  /**
   * Appends bytes to the stream.
   *
   * @param bytes position to limit, at most {@link #writableBytes}; copied
   * @return stream offset after the last of them
   */
  public long offer(ByteBuffer bytes) {
    if (bytes.remaining() > writableBytes()) {
      throw new IllegalArgumentException(
          "%d bytes offered, %d writable".formatted(bytes.remaining(), writableBytes()));
    }
    int length = bytes.remaining();
    stream.put(offered, bytes);
    offered += length;
    stirred = true;
    return offered;
  }

  /** Stream offset after the last byte that was offered. */
  public long offeredOffset() {
    return offered;
  }

  /**
   * Stream offset up to which every byte has left this host at least once: handed to the wire, and
   * as far as the port can tell not in our kernel's queue any more.
   */
  public long sentOffset() {
    return packets.offset(coverage.covered(0));
  }

  /**
   * Stream offset up to which the redundancy ack stands: data sent, and the repair packets of the
   * first {@code level} layers sent, apart in time as the burst promise demands. Only the full
   * level has the burst promise. Bytes that the receiver has acknowledged count as covered: they do
   * not need repairs any more.
   *
   * @param level 0 (the same as sent) to {@link CodeSettings#levels}
   */
  public long coveredOffset(int level) {
    return packets.offset(coverage.covered(level));
  }

  /** Stream offset up to which the receiver has everything in order. */
  public long acknowledgedOffset() {
    return packets.offset(packets.acknowledged());
  }

  /** The latest report of the receiver; {@link Report#NONE} before the first. */
  public Report latestReport() {
    return feedback.report();
  }

  /** When the latest ack came; {@code Long.MIN_VALUE} before the first. */
  public long lastAckNanos() {
    return feedback.lastAckNanos();
  }

  /** Smoothed round trip in nanoseconds; 0 before the first sample. */
  public long roundTripNanos() {
    return roundTrip.smoothedNanos();
  }

  /**
   * Whether sent and covered mean "given to our own kernel", because the port cannot tell what has
   * left it.
   */
  public boolean givenToKernelOnly() {
    return departures.kernelOnly();
  }

  /** Whether the receiver has been silent for so long that only pings are sent. */
  public boolean isQuiet(long nowNanos) {
    return prober.isQuiet(nowNanos);
  }

  /**
   * Datagrams that the operating system refused, or may have refused with others of the same port;
   * they were sent again later.
   */
  public long refusedDatagrams() {
    return outlet.refused() + departures.takenBack();
  }

  /** Takes an ack, nak, ping or close of this session; anything else is counted and dropped. */
  public void onDatagram(ByteBuffer datagram, long nowNanos) {
    stirred = true;
    switch (reader.read(datagram)) {
      case Packet.Ack ack when ack.nextSequence() <= packets.next() -> onAck(ack, nowNanos);
      case Packet.Nak nak when nak.nextSequence() <= packets.next() -> onNak(nak, nowNanos);
      default -> droppedPackets++;
    }
  }

  private void onAck(Packet.Ack ack, long nowNanos) {
    boolean progress = ack.nextSequence() > packets.acknowledged();
    packets.acknowledge(ack.nextSequence());
    for (SequenceRange range : ack.ranges()) {
      packets.acknowledgeSelectively(range.first(), range.end());
    }
    coverage.onAcknowledged();
    feedback.onAck(ack, nowNanos);
    prober.onAck(nowNanos, packets.acknowledged() < packets.next(), progress);
  }

  private void onNak(Packet.Nak nak, long nowNanos) {
    long sentBefore = nowNanos - roundTrip.leastNanos();
    for (SequenceRange range : nak.ranges()) {
      packets.requestResend(range.first(), range.end(), nak.largestNumber(), sentBefore);
    }
  }

  /** Sends what pacing, window and port allow. */
  public void poll(long nowNanos) {
    stirred = false;
    lastPollNanos = nowNanos;
    followDepartures(nowNanos);
    int sent = 0;
    while (sent < MOST_PER_POLL && step(nowNanos)) {
      sent++;
    }
    outlet.flush();
    followDepartures(nowNanos);
    deadlineNanos = sent == MOST_PER_POLL ? nowNanos : deadline(nowNanos);
  }

  private void followDepartures(long nowNanos) {
    switch (departures.check(nowNanos)) {
      case LEFT -> outlet.onLeft();
      case REFUSED -> outlet.onRefusedLater(nowNanos);
      case NOTHING -> {}
    }
  }

  /** When {@link #poll} has work; in the past if it has some now. */
  public long nextDeadlineNanos() {
    return stirred ? lastPollNanos : deadlineNanos;
  }

  /** Tells the receiver that the stream is over; best effort. */
  public void close(long nowNanos) {
    closeDue = true;
    poll(nowNanos);
  }

  /** What is on the wire and not known to have arrived; for {@link LossChance}. */
  public Tail tail() {
    int most = LEAST_TAIL + 3 * plan.historyPackets();
    long first = Math.max(packets.acknowledged(), packets.next() - most);
    int count = (int) (packets.next() - first);
    long[] numbers = new long[count];
    long[] offsets = new long[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = packets.onWire(first + i, feedback.largestArrived());
      offsets[i] = packets.offset(first + i);
    }
    long older = first - packets.acknowledged();
    List<Tail.Group> groups = new ArrayList<>(coverage.groupsFrom(first));
    groups.addAll(departures.leaving());
    return new Tail(older, first, numbers, offsets, groups);
  }

  public LinkStatistics statistics() {
    return new LinkStatistics(
        dispatch.dataPackets(),
        dispatch.repairPackets(),
        dispatch.resentPackets(),
        feedback.arrival().repaired(),
        feedback.arrival().arrived(),
        feedback.arrival().lost(),
        0,
        droppedPackets,
        feedback.arrival().longestBurst(),
        feedback.arrival().meanBurst256() / 256.0,
        outlet.wireBytes());
  }

  /** Sends one datagram, or closes one coding group. Returns whether there may be more to do. */
  private boolean step(long nowNanos) {
    if (!outlet.isReady(nowNanos) || departures.isFull()) {
      return false;
    }
    if (Deadline.isPast(prober.pingNanos(nowNanos), nowNanos)) {
      return dispatch.ping(nowNanos);
    }
    if (isCloseDue()) {
      closeDue = !dispatch.close(nowNanos);
      return !closeDue;
    }
    if (prober.isQuiet(nowNanos)) {
      return false;
    }
    if (departures.hasAgain()) {
      return dispatch.again(nowNanos);
    }
    boolean repairDue = redundancy.isDue(nowNanos);
    if (packets.hasResend() && !(repairDue && dispatch.resentLast())) {
      return dispatch.resend(nowNanos);
    }
    if (repairDue) {
      return dispatch.repair(nowNanos);
    }
    int length = dataLength();
    if (length > 0) {
      return spacingNanos(nowNanos) - nowNanos <= 0 && dispatch.data(length, nowNanos);
    }
    return redundancy.closeOne(nowNanos, outlet.idleNanos() - nowNanos <= 0);
  }

  /** Payload length of the data packet that could be sent now; 0 if there is none. */
  private int dataLength() {
    long cut = packets.offset(packets.next());
    int length = (int) Math.min(payloadBytes, offered - cut);
    long room = feedback.windowEdge() - cut;
    if (length > room) {
      // Small pieces only if nothing else could bring the receiver to make room.
      length = packets.acknowledged() == packets.next() ? (int) Math.max(room, 0) : 0;
    }
    return packets.isFull() ? 0 : length;
  }

  /** From when on the burst promise allows the next data packet. */
  private long spacingNanos(long nowNanos) {
    long before = packets.next() - plan.spacingPackets();
    if (plan.spacingPackets() == 0 || before < 0) {
      return nowNanos;
    }
    return packets.hasDeparted(before)
        ? packets.departedNanos(before) + plan.separationNanos()
        : nowNanos + Departures.RECHECK_NANOS;
  }

  private boolean isCloseDue() {
    return closeDue && packets.offset(packets.next()) == offered;
  }

  private long deadline(long nowNanos) {
    long ping = prober.pingNanos(nowNanos);
    long next = Deadline.later(ping, outlet.readyNanos());
    next = Deadline.earlier(next, departures.checkNanos());
    if (prober.isQuiet(nowNanos)) {
      return next;
    }
    long work = redundancy.heldNanos();
    if (departures.hasAgain()
        || redundancy.isDue(nowNanos)
        || packets.hasResend()
        || isCloseDue()) {
      work = nowNanos;
    } else if (dataLength() > 0) {
      work = Deadline.earlier(work, spacingNanos(nowNanos));
    } else {
      work = Deadline.earlier(work, redundancy.closeNanos(outlet.idleNanos()));
    }
    return Deadline.earlier(next, Deadline.later(work, outlet.readyNanos()));
  }
}

package dev.farshore.link.session;

import dev.farshore.link.port.DatagramPort.SendOutcome;
import java.nio.ByteBuffer;

/**
 * Sends one datagram of each kind, and has everybody who must know of it note it. Each method
 * returns whether the port took it; if not, nothing has happened. Owned by the sender's thread.
 */
final class Dispatch {

  private final Composer composer;
  private final Outlet outlet;
  private final SentPackets packets;
  private final Coverage coverage;
  private final Redundancy redundancy;
  private final Departures departures;
  private final Prober prober;
  private boolean resentLast;
  private long dataPackets;
  private long repairPackets;
  private long resentPackets;

  Dispatch(
      Composer composer,
      Outlet outlet,
      SentPackets packets,
      Coverage coverage,
      Redundancy redundancy,
      Departures departures,
      Prober prober) {
    this.composer = composer;
    this.outlet = outlet;
    this.packets = packets;
    this.coverage = coverage;
    this.redundancy = redundancy;
    this.departures = departures;
    this.prober = prober;
  }

  /** The next {@code length} bytes of the stream, as a packet of their own. */
  boolean data(int length, long nowNanos) {
    long sequence = packets.next();
    if (!send(composer.nextData(outlet.nextNumber(), length, nowNanos), nowNanos)) {
      return false;
    }
    dataPackets++;
    packets.add(length, outlet.lastNumber(), nowNanos);
    coverage.onSent(sequence);
    departures.onHanded(new Departures.Data(sequence), nowNanos);
    redundancy.add(sequence, composer.payloadBytes(), composer.payloadAt(), length, nowNanos);
    return true;
  }

  /** The first packet that the receiver asked for. */
  boolean resend(long nowNanos) {
    long sequence = packets.firstResend();
    if (!send(composer.data(outlet.nextNumber(), sequence, nowNanos), nowNanos)) {
      return false;
    }
    resentLast = true;
    resentPackets++;
    packets.onResendHanded();
    packets.onSentAgain(sequence, outlet.lastNumber(), nowNanos);
    return true;
  }

  /** The first of what the port took and our kernel then refused. */
  boolean again(long nowNanos) {
    boolean sent =
        switch (departures.firstAgain()) {
          case Departures.Data data -> again(data.sequence(), nowNanos);
          case Departures.Repair repair ->
              send(composer.repair(outlet.nextNumber(), repair.job(), repair.index()), nowNanos);
        };
    if (sent) {
      departures.onHandedAgain(nowNanos);
    }
    return sent;
  }

  private boolean again(long sequence, long nowNanos) {
    if (sequence < packets.acknowledged()) {
      return true;
    }
    if (!send(composer.data(outlet.nextNumber(), sequence, nowNanos), nowNanos)) {
      return false;
    }
    packets.onSentAgain(sequence, outlet.lastNumber(), nowNanos);
    return true;
  }

  /** The first repair that is due. */
  boolean repair(long nowNanos) {
    RepairJob job = redundancy.next();
    int index = job.nextIndex();
    if (!send(composer.repair(outlet.nextNumber(), job, index), nowNanos)) {
      return false;
    }
    resentLast = false;
    repairPackets++;
    redundancy.onHanded(outlet.lastNumber());
    departures.onHanded(new Departures.Repair(job, index), nowNanos);
    return true;
  }

  boolean ping(long nowNanos) {
    if (!send(composer.ping(outlet.nextNumber(), nowNanos), nowNanos)) {
      return false;
    }
    prober.onPing(nowNanos);
    return true;
  }

  boolean close(long nowNanos) {
    return send(composer.close(outlet.nextNumber()), nowNanos);
  }

  private boolean send(ByteBuffer datagram, long nowNanos) {
    boolean sent = outlet.send(datagram, nowNanos) == SendOutcome.SENT;
    if (sent) {
      prober.onSent(nowNanos);
    }
    return sent;
  }

  /** Whether the latest of resends and repairs was a resend, so that they take turns. */
  boolean resentLast() {
    return resentLast;
  }

  long dataPackets() {
    return dataPackets;
  }

  long repairPackets() {
    return repairPackets;
  }

  long resentPackets() {
    return resentPackets;
  }
}

package dev.farshore.tests.sim;

import dev.farshore.link.model.PathCapture;
import dev.farshore.link.packet.Packet;
import dev.farshore.link.packet.PacketReader;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Reads what a mirror reports as it leaves its host: what it says to be durable is, and what a
 * session was told never falls (invariant M3). Shows everything to another watcher too.
 */
final class ReportWatch implements PathCapture {
  private static final int SESSION_AT = 4;
  private static final int TYPE_ACK = 3;
  private static final int MAX_DATAGRAM_BYTES = 1500;

  private final PathCapture next;
  private final LongSupplier forced;

  /** By session; looked up only. */
  private final Map<Long, Long> mirrored = new HashMap<>();

  /**
   * @param forced LSN up to which the log at the entrance is durable now
   */
  ReportWatch(PathCapture next, LongSupplier forced) {
    this.next = next;
    this.forced = forced;
  }

  @Override
  public void entered(byte[] datagram, long nowNanos) {
    if (datagram[0] == TYPE_ACK) {
      judge(datagram);
    }
    next.entered(datagram, nowNanos);
  }

  private void judge(byte[] datagram) {
    ByteBuffer bytes = ByteBuffer.wrap(datagram);
    long session = bytes.getLong(SESSION_AT);
    if (new PacketReader(session, MAX_DATAGRAM_BYTES).read(bytes) instanceof Packet.Ack ack) {
      long before = mirrored.getOrDefault(session, 0L);
      mirrored.put(session, ack.mirrored());
      Violation.unless(
          ack.mirrored() <= forced.getAsLong() && ack.mirrored() >= before,
          "M3",
          () ->
              "%d is reported as durable, after %d; %d is"
                  .formatted(ack.mirrored(), before, forced.getAsLong()));
    }
  }

  @Override
  public void refused(byte[] datagram, long nowNanos) {
    next.refused(datagram, nowNanos);
  }

  @Override
  public void arrived(byte[] datagram, long nowNanos) {
    next.arrived(datagram, nowNanos);
  }
}

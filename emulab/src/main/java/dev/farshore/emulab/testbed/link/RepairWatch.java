package dev.farshore.emulab.testbed.link;

import dev.farshore.link.code.RepairListener;
import dev.farshore.link.model.PathCapture;
import dev.farshore.link.packet.Packet;
import dev.farshore.link.packet.PacketReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Follows each data packet that a path loses until the receiver has it. A packet counts as lost
 * from the moment when it would have arrived.
 */
public final class RepairWatch implements PathCapture, RepairListener {

  /** In place of a layer: the packet was asked for and sent again. */
  public static final int RESENT = -1;

  /**
   * A lost packet that came to be there.
   *
   * @param lostNanos when it would have arrived
   * @param delayNanos from then until it was there
   * @param layer of the group that gave it, 0 for the first, or {@link #RESENT}
   */
  public record Repaired(long sequence, long lostNanos, long delayNanos, int layer) {}

  private final LinkPair pair;
  private final PacketReader enteredReader;
  private final PacketReader arrivedReader;
  private final long delayNanos;
  // Packets that are not there, with the time of their first arrival to be.
  private final TreeMap<Long, Long> missing = new TreeMap<>();
  private final List<Repaired> repaired = new ArrayList<>();
  private long next;

  /**
   * Watches from now on.
   *
   * @param delayNanos of the path, which has no jitter and no bottleneck
   */
  public RepairWatch(LinkPair pair, int datagramBytes, long delayNanos) {
    this.pair = pair;
    this.delayNanos = delayNanos;
    enteredReader = new PacketReader(LinkPair.SESSION, datagramBytes);
    arrivedReader = new PacketReader(LinkPair.SESSION, datagramBytes);
    pair.forward().capture(this);
    pair.receiver().repairListener(this);
  }

  @Override
  public void entered(byte[] datagram, long nowNanos) {
    if (enteredReader.read(ByteBuffer.wrap(datagram)) instanceof Packet.Data data
        && data.sequence() >= next) {
      missing.put(data.sequence(), nowNanos + delayNanos);
      next = data.sequence() + 1;
    }
  }

  @Override
  public void arrived(byte[] datagram, long nowNanos) {
    if (arrivedReader.read(ByteBuffer.wrap(datagram)) instanceof Packet.Data data) {
      settle(data.sequence(), nowNanos, RESENT);
    }
  }

  @Override
  public void restored(long sequence, int layer) {
    settle(sequence, pair.timeNanos(), layer);
  }

  private void settle(long sequence, long nowNanos, int layer) {
    Long due = missing.remove(sequence);
    if (due != null && (nowNanos > due || layer != RESENT)) {
      repaired.add(new Repaired(sequence, due, nowNanos - due, layer));
    }
  }

  /** Lost packets that are there now, in the order in which they came. */
  public List<Repaired> repaired() {
    return List.copyOf(repaired);
  }

  /** Packets that would have arrived by {@code nowNanos} and are not there. */
  public long missing(long nowNanos) {
    return missing.values().stream().filter(due -> due <= nowNanos).count();
  }
}

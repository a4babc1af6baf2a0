package dev.farshore.link.session;

import dev.farshore.link.code.Layer;
import dev.farshore.link.packet.ErasureCode;
import dev.farshore.link.packet.PacketLayout;
import dev.farshore.link.packet.Recipe;
import java.util.ArrayList;
import java.util.List;

/**
 * The layers that a session uses, and what keeps the burst promise in the widest one. With the
 * separation S, which is {@code burstNanos} and an eighth more for timers that are not exact:
 *
 * <ul>
 *   <li>no window of S holds more members of a group than the group has repairs. The stride is so
 *       wide (never less than configured) that full packets at the configured rate cannot be
 *       closer: {@code stride * repairs * time of a datagram >= S}. Small packets could be, so that
 *       data packet n leaves S or more after packet {@code n - spacingPackets}; a sender that is
 *       held up by this packs more bytes into a packet;
 *   <li>repairs of a group leave S or more after its last member, so that no window of S holds
 *       both.
 * </ul>
 *
 * <p>So an outage no longer than S costs a group either at most as many members as it has repairs,
 * or repairs only. Layers before the widest have no promise.
 *
 * @param layers first layer first; empty without code
 * @param separationNanos S, 0 for none
 * @param spacingPackets see above; 0 for none
 */
record CodePlan(List<Layer> layers, long separationNanos, int spacingPackets) {

  private static final int MIN_WINDOW_PACKETS = 1 << 10;
  private static final int MAX_WINDOW_PACKETS = 1 << 18;
  private static final long MOST_BYTES = 1L << 30;

  static CodePlan of(LinkSettings settings) {
    return of(
        settings.code(),
        settings.burstNanos(),
        settings.rateBitsPerSecond(),
        settings.datagramBytes());
  }

  /** Throws if there is no such plan. */
  static void check(
      CodeSettings code, long burstNanos, long rate, int datagramBytes, int windowBytes) {
    CodePlan plan = of(code, burstNanos, rate, datagramBytes);
    long bytes = windowBytes + (long) plan.historyPackets() * datagramBytes;
    if (bytes > MOST_BYTES) {
      throw new IllegalArgumentException(
          "window and coding groups would take %d bytes; at most %d".formatted(bytes, MOST_BYTES));
    }
  }

  private static CodePlan of(CodeSettings code, long burstNanos, long rate, int datagramBytes) {
    long separation = burstNanos + (burstNanos + 7) / 8;
    long packetNanos = Pacer.nanosOnWire(datagramBytes + PacketLayout.WIRE_OVERHEAD_BYTES, rate);
    return switch (code) {
      case CodeSettings.None none -> new CodePlan(List.of(), 0, 0);
      case CodeSettings.Layered layered -> layered(layered, separation, packetNanos);
      case CodeSettings.ReedSolomon reedSolomon -> {
        int stride = stride(1, reedSolomon.repair(), separation, packetNanos);
        Layer layer =
            new Layer(
                0,
                ErasureCode.REED_SOLOMON,
                reedSolomon.data(),
                reedSolomon.repair(),
                stride,
                separation);
        yield new CodePlan(List.of(layer), separation, spacing(layer));
      }
    };
  }

  private static CodePlan layered(CodeSettings.Layered layered, long separation, long packetNanos) {
    List<Layer> layers = new ArrayList<>();
    int last = layered.interleave().size() - 1;
    for (int i = 0; i <= last; i++) {
      int configured = layered.interleave().get(i);
      int stride = i < last ? configured : stride(configured, 1, separation, packetNanos);
      long layerSeparation = i < last ? 0 : separation;
      layers.add(new Layer(i, ErasureCode.XOR, layered.data(), 1, stride, layerSeparation));
    }
    return new CodePlan(List.copyOf(layers), separation, spacing(layers.getLast()));
  }

  private static int stride(int configured, int repairs, long separation, long packetNanos) {
    long needed = Math.ceilDiv(Math.ceilDiv(separation, packetNanos), repairs);
    if (Math.max(configured, needed) > Recipe.MAX_STRIDE) {
      throw new IllegalArgumentException(
          "the burst time needs an interleave of %d at this rate; at most %d is possible"
              .formatted(Math.max(configured, needed), Recipe.MAX_STRIDE));
    }
    return (int) Math.max(configured, needed);
  }

  private static int spacing(Layer widest) {
    return widest.separationNanos() == 0 ? 0 : widest.stride() * widest.repairs();
  }

  /**
   * Most data packets that are sent and not acknowledged, a power of two: as many as fill the
   * window if they are an eighth full.
   */
  static int windowPackets(LinkSettings settings) {
    int packets = settings.windowBytes() / Math.max(1, settings.maxPayloadBytes() / 8);
    return Integer.highestOneBit(Math.clamp(packets, MIN_WINDOW_PACKETS, MAX_WINDOW_PACKETS));
  }

  /** How many data packets before a missing one the decoder may need to restore it. */
  int historyPackets() {
    return layers.stream().mapToInt(Layer::spanPackets).max().orElse(0);
  }

  /** The most repairs that wait in open and closed groups when nothing is lost. */
  int repairsInFlight() {
    return layers.stream().mapToInt(layer -> layer.stride() * layer.repairs()).sum();
  }
}

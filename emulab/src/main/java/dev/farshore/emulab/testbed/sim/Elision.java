package dev.farshore.emulab.testbed.sim;

import dev.farshore.link.model.Bottleneck;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.QueueLimit;
import dev.farshore.link.packet.PacketLayout;
import dev.farshore.link.session.CodeSettings;

/**
 * Leaves most of the payload out: one byte of it stands for {@code factor} bytes. Every datagram,
 * record and request of the trial still happens, in the same number and at the same time, and is
 * handled by the product's own code; only what is in them is shorter.
 *
 * <p>Headers cannot be shortened, and pacers and wires count them. So the rates of link and wire
 * are divided by what full packets of the code, headers included, have become shorter by. That is
 * exact for the mixture of data and repair packets of a busy link; data packets alone are then 1 %
 * too quick, repair packets 4 % too slow, at a factor of 8. Acks, naks and pings keep their size,
 * and take that much more of the way back.
 *
 * @param factor 1 for real bytes
 * @param wireFactor by which packets, with all headers, are shorter
 */
record Elision(int factor, double wireFactor) {
  private static final int DATA_HEADERS =
      PacketLayout.DATA_PAYLOAD_AT + PacketLayout.TAG_BYTES + PacketLayout.WIRE_OVERHEAD_BYTES;
  private static final int REPAIR_HEADERS =
      PacketLayout.REPAIR_SYMBOL_AT
          + PacketLayout.SYMBOL_HEADER_BYTES
          + PacketLayout.TAG_BYTES
          + PacketLayout.WIRE_OVERHEAD_BYTES;

  /**
   * @param datagramBytes of the real link
   */
  static Elision of(int factor, CodeSettings code, int datagramBytes) {
    int real = PacketLayout.maxPayloadBytes(datagramBytes);
    double wire = groupBytes(code, real) / groupBytes(code, Math.ceilDiv(real, factor));
    return new Elision(factor, wire);
  }

  /** What a coding group takes on the wire, for each of its data packets. */
  private static double groupBytes(CodeSettings code, int payload) {
    double repairs =
        switch (code) {
          case CodeSettings.None none -> 0;
          case CodeSettings.Layered layered ->
              layered.interleave().size() / (double) layered.data();
          case CodeSettings.ReedSolomon coded -> coded.repair() / (double) coded.data();
        };
    return payload + DATA_HEADERS + repairs * (payload + REPAIR_HEADERS);
  }

  /** Bytes of payload, of which there are so many in truth. */
  long payload(long bytes) {
    return Math.ceilDiv(bytes, factor);
  }

  /** The size of a datagram that carries as much as one of this size in truth. */
  int datagram(int bytes) {
    int payload = PacketLayout.maxPayloadBytes(bytes);
    return bytes - payload + (int) payload(payload);
  }

  long rate(long bitsPerSecond) {
    return Math.round(bitsPerSecond / wireFactor);
  }

  /** What a wire counted, in truth. */
  long bits(long counted) {
    return Math.round(counted * wireFactor);
  }

  LinkConditions wire(LinkConditions conditions) {
    return switch (conditions.bottleneck()) {
      case Bottleneck.None none -> conditions;
      case Bottleneck.DropTail tail ->
          conditions.withBottleneck(
              new Bottleneck.DropTail(
                  rate(tail.bitsPerSecond()), queue(tail.queue()), tail.headerBytes()));
    };
  }

  private QueueLimit queue(QueueLimit limit) {
    return switch (limit) {
      case QueueLimit.Time time -> time;
      case QueueLimit.Bytes bytes -> new QueueLimit.Bytes(Math.round(bytes.bytes() / wireFactor));
    };
  }
}

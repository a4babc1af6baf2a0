package dev.farshore.link.session;

import dev.farshore.link.packet.Packet;
import dev.farshore.link.packet.PacketLayout;
import dev.farshore.link.packet.PacketWriter;
import java.nio.ByteBuffer;

/**
 * Composes the sender's datagrams. Each result is valid until the next call. Owned by the sender's
 * thread.
 */
final class Composer {

  private final PacketWriter writer;
  private final StreamRing stream;
  private final SentPackets packets;
  private final Coverage coverage;

  Composer(PacketWriter writer, StreamRing stream, SentPackets packets, Coverage coverage) {
    this.writer = writer;
    this.stream = stream;
    this.packets = packets;
    this.coverage = coverage;
  }

  /** The next data packet, with the next {@code length} bytes of the stream. */
  ByteBuffer nextData(long number, int length, long nowNanos) {
    long sequence = packets.next();
    return data(number, sequence, packets.offset(sequence), length, nowNanos);
  }

  /** A data packet that was sent before and is not acknowledged. */
  ByteBuffer data(long number, long sequence, long nowNanos) {
    return data(number, sequence, packets.offset(sequence), packets.length(sequence), nowNanos);
  }

  private ByteBuffer data(long number, long sequence, long offset, int length, long nowNanos) {
    stream.copy(offset, writer.bytes(), PacketLayout.DATA_PAYLOAD_AT, length);
    return writer.data(number, sequence, offset, Feedback.micros(nowNanos), length);
  }

  /** The array in which the payload of the last data packet lies. */
  byte[] payloadBytes() {
    return writer.bytes();
  }

  /** Where in {@link #payloadBytes} the payload begins. */
  int payloadAt() {
    return PacketLayout.DATA_PAYLOAD_AT;
  }

  ByteBuffer repair(long number, RepairJob job, int index) {
    return writer.repair(
        number,
        job.recipe(),
        index,
        coverage.covered(),
        job.group().repair(index),
        job.group().symbolBytes());
  }

  ByteBuffer ping(long number, long nowNanos) {
    return writer.ping(
        new Packet.Ping(number, packets.next(), coverage.covered(), Feedback.micros(nowNanos)));
  }

  ByteBuffer close(long number) {
    return writer.close(new Packet.Close(number, packets.next(), packets.offset(packets.next())));
  }
}

package dev.farshore.log.record;

import static dev.farshore.log.record.RecordFormat.HEADER_BYTES;
import static dev.farshore.log.record.RecordFormat.MAX_PAYLOAD_BYTES;
import static dev.farshore.log.record.RecordFormat.MAX_TEXT_BYTES;
import static dev.farshore.log.record.RecordFormat.pieceCount;
import static dev.farshore.log.record.RecordFormat.pieceStart;

import com.dynatrace.hash4j.hashing.HashValue128;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Lays changes out as records. Stateless but for a checksum it reuses: one thread per encoder. */
public final class RecordEncoder {

  /** A change taken apart into the fields of its record. */
  private record Fields(
      RecordType type, int volume, long offset, long extent, ByteBuffer payload) {}

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final CRC32C crc = new CRC32C();

  /**
   * How many bytes the record of a change takes.
   *
   * @throws IllegalArgumentException if the format has no room for the change
   */
  public static int encodedBytes(Change change) {
    Fields fields = fields(change);
    int payload = fields.payload().remaining();
    return RecordFormat.payloadStart(fields.offset(), payload) + payload;
  }

  /**
   * Writes the record of a change at the position of {@code target}, and moves the position behind
   * it.
   *
   * @param target with at least {@link #encodedBytes} bytes left
   * @param previous chain of the record before
   * @return chain of this record
   */
  public Chain encode(RecordHead head, Change change, Chain previous, ByteBuffer target) {
    Fields fields = fields(change);
    ByteBuffer source = fields.payload();
    int payload = source.remaining();
    int pieces = pieceCount(fields.offset(), payload);
    int body = HEADER_BYTES + Integer.BYTES * pieces;
    ByteBuffer record = RecordLayout.littleEndian(target.slice(target.position(), body + payload));
    putHeader(record, head, fields);
    record.putInt(RecordLayout.PAYLOAD_LENGTH, payload);
    record.put(body, source, source.position(), payload);
    putTable(record, fields.offset(), pieces);
    Chain chain = putChain(record, previous);
    record.putInt(RecordLayout.CHECKSUM, checksum(record, Integer.BYTES, body - Integer.BYTES));
    target.position(target.position() + body + payload);
    return chain;
  }

  private static void putHeader(ByteBuffer record, RecordHead head, Fields fields) {
    int flags = (head.first() ? RecordLayout.FIRST : 0) | (head.last() ? RecordLayout.LAST : 0);
    record
        .putInt(RecordLayout.LENGTH, record.capacity())
        .put(RecordLayout.VERSION, RecordLayout.CURRENT_VERSION)
        .put(RecordLayout.TYPE, fields.type().code())
        .put(RecordLayout.FLAGS, (byte) flags)
        .put(RecordLayout.ZERO, (byte) 0)
        .putLong(RecordLayout.GROUP, head.group())
        .putLong(RecordLayout.LSN, head.lsn())
        .putInt(RecordLayout.EPOCH_COUNTER, head.epoch().counter())
        .putInt(RecordLayout.EPOCH_SITE, head.epoch().site())
        .putInt(RecordLayout.EPOCH_RESTART, head.epoch().restart())
        .putInt(RecordLayout.VOLUME, fields.volume())
        .putLong(RecordLayout.OFFSET, fields.offset())
        .putLong(RecordLayout.EXTENT, fields.extent())
        .putLong(RecordLayout.TIME, head.wallMillis());
  }

  private void putTable(ByteBuffer record, long offset, int pieces) {
    int body = HEADER_BYTES + Integer.BYTES * pieces;
    for (int i = 0; i < pieces; i++) {
      int start = body + pieceStart(offset, i);
      int end = Math.min(body + pieceStart(offset, i + 1), record.capacity());
      record.putInt(RecordLayout.TABLE + Integer.BYTES * i, checksum(record, start, end - start));
    }
  }

  /** Hashes in place: the chain's own field holds the previous value while the hash runs. */
  private static Chain putChain(ByteBuffer record, Chain previous) {
    record.putLong(RecordLayout.CHAIN_HIGH, previous.high());
    record.putLong(RecordLayout.CHAIN_LOW, previous.low());
    HashValue128 hash =
        RecordLayout.CHAIN_HASH.hashBytesTo128Bits(
            record,
            RecordLayout.CHAIN_HIGH,
            record.capacity() - RecordLayout.CHAIN_HIGH,
            RecordLayout.BUFFER_ACCESS);
    Chain chain = new Chain(hash.getMostSignificantBits(), hash.getLeastSignificantBits());
    record.putLong(RecordLayout.CHAIN_HIGH, chain.high());
    record.putLong(RecordLayout.CHAIN_LOW, chain.low());
    return chain;
  }

  private int checksum(ByteBuffer buffer, int position, int length) {
    crc.reset();
    buffer.limit(position + length).position(position);
    crc.update(buffer);
    buffer.clear();
    return (int) crc.getValue();
  }

  private static Fields fields(Change change) {
    if (change.volume() < 0) {
      throw new IllegalArgumentException("volume " + change.volume() + " is negative");
    }
    return switch (change) {
      case Change.Write write -> {
        int length = write.data().remaining();
        if (length < 1 || length > MAX_PAYLOAD_BYTES) {
          throw new IllegalArgumentException("a write of " + length + " bytes");
        }
        yield extent(RecordType.WRITE, write.volume(), write.offset(), length, write.data());
      }
      case Change.Zero zero ->
          extent(RecordType.ZERO, zero.volume(), zero.offset(), zero.length(), NOTHING);
      case Change.Trim trim ->
          extent(RecordType.TRIM, trim.volume(), trim.offset(), trim.length(), NOTHING);
      case Change.VolumeCreate create ->
          sized(
              RecordType.VOLUME_CREATE,
              create.volume(),
              create.sizeBytes(),
              text(create.name(), 1));
      case Change.VolumeResize resize ->
          sized(RecordType.VOLUME_RESIZE, resize.volume(), resize.sizeBytes(), NOTHING);
      case Change.VolumeRemove remove ->
          new Fields(RecordType.VOLUME_REMOVE, remove.volume(), 0, 0, NOTHING);
      case Change.EpochStart start ->
          new Fields(RecordType.EPOCH_START, 0, 0, 0, epoch(start.previous()));
      case Change.DegradedSpan span ->
          new Fields(RecordType.DEGRADED_SPAN, 0, 0, span.ends() ? 1 : 0, NOTHING);
      case Change.Mark mark -> new Fields(RecordType.MARK, 0, 0, 0, text(mark.label(), 0));
    };
  }

  private static Fields extent(
      RecordType type, int volume, long offset, long length, ByteBuffer payload) {
    if (offset < 0 || length < 1 || offset + length < 0) {
      throw new IllegalArgumentException("no extent of a volume: " + offset + "+" + length);
    }
    return new Fields(type, volume, offset, length, payload);
  }

  private static Fields sized(RecordType type, int volume, long size, ByteBuffer payload) {
    if (size < 0) {
      throw new IllegalArgumentException("no size of a volume: " + size);
    }
    return new Fields(type, volume, 0, size, payload);
  }

  private static ByteBuffer text(String text, int shortest) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length < shortest || bytes.length > MAX_TEXT_BYTES) {
      String start = new String(Arrays.copyOf(bytes, 40), StandardCharsets.UTF_8);
      throw new IllegalArgumentException("a text of " + bytes.length + " bytes: " + start);
    }
    return ByteBuffer.wrap(bytes);
  }

  private static ByteBuffer epoch(Epoch epoch) {
    return RecordLayout.littleEndian(ByteBuffer.allocate(RecordLayout.EPOCH_PAYLOAD_BYTES))
        .putInt(epoch.counter())
        .putInt(epoch.site())
        .putInt(epoch.restart())
        .flip();
  }
}

package dev.farshore.log.file;

import dev.farshore.log.record.Chain;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What stands before the records of one batch; laid out as in this package's description.
 *
 * @param clean whether the log was closed cleanly with this batch
 * @param count of records; may be 0
 * @param before where the log stood before the first of them
 * @param recordBytes length of the records
 * @param forced LSN up to which the log had been forced when the batch was written
 */
record BatchHeader(
    boolean clean,
    int count,
    long number,
    long salt,
    LogPosition before,
    int recordBytes,
    long forced) {

  static final int BYTES = 88;

  /** Batches begin at multiples of this. */
  static final int ALIGNMENT = 8;

  private static final int MAGIC = 0x54425346;
  private static final byte VERSION = 1;

  static int aligned(int offset) {
    return (offset + ALIGNMENT - 1) & -ALIGNMENT;
  }

  static long pageAligned(long offset) {
    return (offset + SegmentSlot.PAGE_BYTES - 1) & -SegmentSlot.PAGE_BYTES;
  }

  static int pageAligned(int offset) {
    return (offset + SegmentSlot.PAGE_BYTES - 1) & -SegmentSlot.PAGE_BYTES;
  }

  /** Lays the header out at {@code at} of a little-endian buffer. */
  void encode(ByteBuffer target, int at) {
    target.putInt(at + 4, MAGIC);
    target.put(at + 8, VERSION);
    target.put(at + 9, (byte) (clean ? 1 : 0));
    target.putShort(at + 10, (short) 0);
    target.putInt(at + 12, count);
    target.putLong(at + 16, number);
    target.putLong(at + 24, salt);
    target.putLong(at + 32, before.lsn());
    target.putLong(at + 40, forced);
    target.putInt(at + 48, before.epoch().counter());
    target.putInt(at + 52, before.epoch().site());
    target.putInt(at + 56, before.epoch().restart());
    target.putInt(at + 60, recordBytes);
    target.putLong(at + 64, before.chain().high());
    target.putLong(at + 72, before.chain().low());
    target.putLong(at + 80, 0);
    target.putInt(at, Checksum.of(target, at + 4, BYTES - 4));
  }

  /** Whether a header may begin here at all; cheap, for searching. */
  static boolean isLikely(ByteBuffer source, int at) {
    return source.getInt(at + 4) == MAGIC;
  }

  /**
   * Whether something that is no valid header may once have been one of a segment: it bears its
   * salt, or its magic number and the segment's.
   */
  static boolean isTrace(ByteBuffer source, int at, Segment segment) {
    return source.getLong(at + 24) == segment.salt()
        || (isLikely(source, at) && source.getLong(at + 16) == segment.number());
  }

  /** The header at {@code at} of a little-endian buffer, if there is a valid one of any segment. */
  static Optional<BatchHeader> decode(ByteBuffer source, int at) {
    if (source.limit() < at + BYTES
        || !isLikely(source, at)
        || source.getInt(at) != Checksum.of(source, at + 4, BYTES - 4)
        || !hasKnownForm(source, at)) {
      return Optional.empty();
    }
    Epoch epoch = new Epoch(source.getInt(at + 48), source.getInt(at + 52), source.getInt(at + 56));
    Chain chain = new Chain(source.getLong(at + 64), source.getLong(at + 72));
    return Optional.of(
        new BatchHeader(
            source.get(at + 9) == 1,
            source.getInt(at + 12),
            source.getLong(at + 16),
            source.getLong(at + 24),
            new LogPosition(source.getLong(at + 32), epoch, chain),
            source.getInt(at + 60),
            source.getLong(at + 40)));
  }

  private static boolean hasKnownForm(ByteBuffer source, int at) {
    int count = source.getInt(at + 12);
    int bytes = source.getInt(at + 60);
    return source.get(at + 8) == VERSION
        && (source.get(at + 9) & ~1) == 0
        && count >= 0
        && bytes >= 0
        && (count == 0) == (bytes == 0)
        && source.getLong(at + 32) >= 0
        && source.getLong(at + 40) >= 0
        && source.getInt(at + 48) >= 0
        && source.getInt(at + 52) >= 0
        && source.getInt(at + 56) >= 0;
  }
}

package dev.farshore.log.chronicle;

import dev.farshore.log.record.Chain;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.zip.CRC32C;

/** Layout of an excerpt, as this package's description has it. */
final class ExcerptFormat {

  /** What an excerpt holds. */
  enum Kind {
    /** The start of a segment. */
    OPEN(1),
    /** One record. */
    RECORD(2),
    /** The end of a log that was closed cleanly. */
    CLOSE(3);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    private static Optional<Kind> of(int code) {
      return switch (code) {
        case 1 -> Optional.of(OPEN);
        case 2 -> Optional.of(RECORD);
        case 3 -> Optional.of(CLOSE);
        default -> Optional.empty();
      };
    }
  }

  /**
   * The content of an {@link Kind#OPEN} or {@link Kind#CLOSE} excerpt.
   *
   * @param position the point in the log where the segment starts, or where the log was closed
   * @param logBytes bytes of excerpts that the log wrote to segments before this one
   */
  record Boundary(long group, int cycle, LogPosition position, long logBytes) {}

  static final int PREFIX_BYTES = 16;
  static final int BOUNDARY_BYTES = PREFIX_BYTES + 64;

  private static final byte VERSION = 1;
  private static final int CHECKSUM = 0;
  private static final int VERSION_AT = 4;
  private static final int KIND = 5;
  private static final int ZERO = 6;
  private static final int FORCED = 8;
  private static final int GROUP = 16;
  private static final int CYCLE = 24;
  private static final int EPOCH = 28;
  private static final int LSN = 40;
  private static final int CHAIN = 48;
  private static final int LOG_BYTES = 64;
  private static final int RESERVED = 72;

  private ExcerptFormat() {}

  /**
   * Writes the prefix of an excerpt that holds a record; the record follows at {@link
   * #PREFIX_BYTES}.
   *
   * @param forced LSN up to which the log is forced at this moment
   */
  static void putRecordPrefix(ByteBuffer excerpt, long forced) {
    ByteBuffer bytes = littleEndian(excerpt);
    putPrefix(bytes, Kind.RECORD, forced);
    bytes.putInt(CHECKSUM, checksum(bytes, PREFIX_BYTES));
  }

  static void putBoundary(ByteBuffer excerpt, Kind kind, long forced, Boundary boundary) {
    ByteBuffer bytes = littleEndian(excerpt);
    putPrefix(bytes, kind, forced);
    LogPosition position = boundary.position();
    bytes
        .putLong(GROUP, boundary.group())
        .putInt(CYCLE, boundary.cycle())
        .putInt(EPOCH, position.epoch().counter())
        .putInt(EPOCH + 4, position.epoch().site())
        .putInt(EPOCH + 8, position.epoch().restart())
        .putLong(LSN, position.lsn())
        .putLong(CHAIN, position.chain().high())
        .putLong(CHAIN + 8, position.chain().low())
        .putLong(LOG_BYTES, boundary.logBytes())
        .putLong(RESERVED, 0);
    bytes.putInt(CHECKSUM, checksum(bytes, BOUNDARY_BYTES));
  }

  private static void putPrefix(ByteBuffer bytes, Kind kind, long forced) {
    bytes
        .put(VERSION_AT, VERSION)
        .put(KIND, (byte) kind.code)
        .putShort(ZERO, (short) 0)
        .putLong(FORCED, forced);
  }

  /** What the excerpt is; empty if its own bytes (not those of its record) are not as written. */
  static Optional<Kind> kind(ByteBuffer excerpt) {
    ByteBuffer bytes = littleEndian(excerpt);
    if (bytes.remaining() < PREFIX_BYTES || bytes.get(VERSION_AT) != VERSION) {
      return Optional.empty();
    }
    return Kind.of(bytes.get(KIND)).filter(kind -> isIntact(bytes, kind));
  }

  private static boolean isIntact(ByteBuffer bytes, Kind kind) {
    boolean record = kind == Kind.RECORD;
    return (record || bytes.remaining() == BOUNDARY_BYTES)
        && bytes.getInt(CHECKSUM) == checksum(bytes, record ? PREFIX_BYTES : BOUNDARY_BYTES)
        && bytes.getLong(FORCED) >= 0
        && (record || hasPosition(bytes));
  }

  private static boolean hasPosition(ByteBuffer bytes) {
    return bytes.getInt(EPOCH) >= 0
        && bytes.getInt(EPOCH + 4) >= 0
        && bytes.getInt(EPOCH + 8) >= 0
        && bytes.getLong(LSN) >= 0
        && bytes.getLong(LOG_BYTES) >= 0;
  }

  /** LSN up to which the log was forced when the excerpt was written; of an intact excerpt. */
  static long forced(ByteBuffer excerpt) {
    return littleEndian(excerpt).getLong(FORCED);
  }

  /** The content of an intact boundary. */
  static Boundary boundary(ByteBuffer excerpt) {
    ByteBuffer bytes = littleEndian(excerpt);
    Epoch epoch = new Epoch(bytes.getInt(EPOCH), bytes.getInt(EPOCH + 4), bytes.getInt(EPOCH + 8));
    Chain chain = new Chain(bytes.getLong(CHAIN), bytes.getLong(CHAIN + 8));
    return new Boundary(
        bytes.getLong(GROUP),
        bytes.getInt(CYCLE),
        new LogPosition(bytes.getLong(LSN), epoch, chain),
        bytes.getLong(LOG_BYTES));
  }

  private static int checksum(ByteBuffer bytes, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.slice(4, length - 4));
    return (int) crc.getValue();
  }

  /** A view whose index 0 is the excerpt's first byte. */
  private static ByteBuffer littleEndian(ByteBuffer excerpt) {
    return excerpt.slice().order(ByteOrder.LITTLE_ENDIAN);
  }
}

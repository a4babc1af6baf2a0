package dev.farshore.log.record;

import static dev.farshore.log.record.RecordFormat.HEADER_BYTES;
import static dev.farshore.log.record.RecordFormat.MAX_PAYLOAD_BYTES;
import static dev.farshore.log.record.RecordFormat.MAX_TEXT_BYTES;
import static dev.farshore.log.record.RecordFormat.pieceCount;
import static dev.farshore.log.record.RecordFormat.pieceStart;

import com.dynatrace.hash4j.hashing.HashStream128;
import com.dynatrace.hash4j.hashing.HashValue128;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Looks at one encoded record where it lies in a buffer. Nothing is copied; the view is good as
 * long as the buffer's bytes are.
 *
 * <p>Only {@link #verifyHeader}, {@link #verifyTable} and {@link #encodedBytes} may be called on
 * bytes that nobody has verified. The other methods are for records whose header has been verified;
 * the bytes of the payload need {@link #verifyPayload} or {@link #verifyPiece} beside that. One
 * thread per view.
 */
public final class RecordView {

  private ByteBuffer record = ByteBuffer.allocate(0);

  /**
   * Points this view at the bytes of {@code buffer} from its position to its limit, which begin
   * with a record; what follows the record is ignored. The buffer's position and limit do not
   * change.
   *
   * @return this
   */
  public RecordView wrap(ByteBuffer buffer) {
    record = RecordLayout.littleEndian(buffer.slice());
    return this;
  }

  /**
   * Length that the record claims to have.
   *
   * @return 0 if there are too few bytes to tell, or the claim cannot be true
   */
  public int encodedBytes() {
    if (record.capacity() < HEADER_BYTES) {
      return 0;
    }
    int length = record.getInt(RecordLayout.LENGTH);
    return length < HEADER_BYTES || length > RecordFormat.MAX_APPEND_BYTES ? 0 : length;
  }

  /** Whether the whole record is at hand, and its header and table are as they were encoded. */
  public boolean verifyHeader() {
    return encodedBytes() <= record.capacity() && verifyTable();
  }

  /** As {@link #verifyHeader}, but the payload need not be at hand. */
  public boolean verifyTable() {
    int length = encodedBytes();
    if (length == 0 || !hasConsistentLengths(length)) {
      return false;
    }
    int body = payloadStart();
    return body <= record.capacity()
        && RecordLayout.crc(record, Integer.BYTES, body - Integer.BYTES)
            == record.getInt(RecordLayout.CHECKSUM)
        && hasKnownForm();
  }

  private boolean hasConsistentLengths(int length) {
    int payload = record.getInt(RecordLayout.PAYLOAD_LENGTH);
    return payload >= 0
        && payload <= MAX_PAYLOAD_BYTES
        && record.getLong(RecordLayout.OFFSET) >= 0
        && payloadStart() + payload == length;
  }

  private boolean hasKnownForm() {
    return record.get(RecordLayout.VERSION) == RecordLayout.CURRENT_VERSION
        && (record.get(RecordLayout.FLAGS) & ~(RecordLayout.FIRST | RecordLayout.LAST)) == 0
        && record.get(RecordLayout.ZERO) == 0
        && record.getLong(RecordLayout.LSN) > 0
        && record.getInt(RecordLayout.EPOCH_COUNTER) >= 0
        && record.getInt(RecordLayout.EPOCH_SITE) >= 0
        && record.getInt(RecordLayout.EPOCH_RESTART) >= 0
        && record.getInt(RecordLayout.VOLUME) >= 0
        && RecordType.of(record.get(RecordLayout.TYPE)).map(this::hasFormOf).orElse(false);
  }

  private boolean hasFormOf(RecordType type) {
    long offset = record.getLong(RecordLayout.OFFSET);
    long extent = record.getLong(RecordLayout.EXTENT);
    int payload = payloadBytes();
    return switch (type) {
      case WRITE -> payload > 0 && extent == payload && offset + extent >= 0;
      case ZERO, TRIM -> payload == 0 && extent > 0 && offset + extent >= 0;
      case VOLUME_CREATE -> offset == 0 && extent >= 0 && payload > 0 && payload <= MAX_TEXT_BYTES;
      case VOLUME_RESIZE -> offset == 0 && extent >= 0 && payload == 0;
      case VOLUME_REMOVE -> offset == 0 && extent == 0 && payload == 0;
      case EPOCH_START -> offset == 0 && extent == 0 && payload == RecordLayout.EPOCH_PAYLOAD_BYTES;
      case DEGRADED_SPAN -> offset == 0 && (extent == 0 || extent == 1) && payload == 0;
      case MARK -> offset == 0 && extent == 0 && payload <= MAX_TEXT_BYTES;
    };
  }

  /** Whether every byte of the payload is as it was encoded. */
  public boolean verifyPayload() {
    int pieces = pieces();
    for (int i = 0; i < pieces; i++) {
      if (!verifyPiece(i)) {
        return false;
      }
    }
    return type() != RecordType.EPOCH_START || previousEpochIsValid();
  }

  private boolean previousEpochIsValid() {
    int at = payloadStart();
    return record.getInt(at) >= 0 && record.getInt(at + 4) >= 0 && record.getInt(at + 8) >= 0;
  }

  /** Whether the bytes of piece {@code index} are as they were encoded. */
  public boolean verifyPiece(int index) {
    int start = pieceStart(offset(), index);
    int end = Math.min(pieceStart(offset(), index + 1), payloadBytes());
    return RecordLayout.crc(record, payloadStart() + start, end - start) == pieceChecksum(index);
  }

  /** CRC32C of piece {@code index}, as the table has it. */
  public int pieceChecksum(int index) {
    return record.getInt(RecordLayout.TABLE + Integer.BYTES * index);
  }

  /** Number of pieces of the payload, each within one 4 KiB block of the volume. */
  public int pieces() {
    return pieceCount(offset(), payloadBytes());
  }

  public long group() {
    return record.getLong(RecordLayout.GROUP);
  }

  public long lsn() {
    return record.getLong(RecordLayout.LSN);
  }

  public Epoch epoch() {
    return new Epoch(
        record.getInt(RecordLayout.EPOCH_COUNTER),
        record.getInt(RecordLayout.EPOCH_SITE),
        record.getInt(RecordLayout.EPOCH_RESTART));
  }

  public RecordType type() {
    return RecordType.of(record.get(RecordLayout.TYPE)).orElseThrow();
  }

  public int volume() {
    return record.getInt(RecordLayout.VOLUME);
  }

  /** Byte offset in the volume. */
  public long offset() {
    return record.getLong(RecordLayout.OFFSET);
  }

  /** Length in the volume, or size of the volume, by type. */
  public long extentBytes() {
    return record.getLong(RecordLayout.EXTENT);
  }

  public long wallMillis() {
    return record.getLong(RecordLayout.TIME);
  }

  public boolean firstOfAppend() {
    return (record.get(RecordLayout.FLAGS) & RecordLayout.FIRST) != 0;
  }

  public boolean lastOfAppend() {
    return (record.get(RecordLayout.FLAGS) & RecordLayout.LAST) != 0;
  }

  /** Chain up to and including this record, as it says itself. */
  public Chain chain() {
    return new Chain(
        record.getLong(RecordLayout.CHAIN_HIGH), record.getLong(RecordLayout.CHAIN_LOW));
  }

  /** The point in the log just after this record. */
  public LogPosition end() {
    return new LogPosition(lsn(), epoch(), chain());
  }

  /** The chain that a record with these bytes has after {@code previous}. */
  public Chain chainAfter(Chain previous) {
    HashStream128 stream =
        RecordLayout.CHAIN_HASH
            .hashStream()
            .putLong(previous.high())
            .putLong(previous.low())
            .putBytes(
                record,
                RecordLayout.VERSION,
                encodedBytes() - RecordLayout.VERSION,
                RecordLayout.BUFFER_ACCESS);
    HashValue128 hash = stream.get();
    return new Chain(hash.getMostSignificantBits(), hash.getLeastSignificantBits());
  }

  public int payloadBytes() {
    return record.getInt(RecordLayout.PAYLOAD_LENGTH);
  }

  /** Where the payload begins, in bytes from the start of the record. */
  public int payloadStart() {
    return RecordFormat.payloadStart(offset(), payloadBytes());
  }

  /** The payload, from position 0 to its limit; shares its bytes with the buffer of this view. */
  public ByteBuffer payload() {
    return record.slice(payloadStart(), payloadBytes());
  }

  /**
   * The whole record, from position 0 to its limit; shares its bytes with the buffer of this view.
   */
  public ByteBuffer encoded() {
    return record.slice(0, encodedBytes());
  }

  /** What the record does; a {@link Change.Write} shares its bytes with the buffer of this view. */
  public Change change() {
    return switch (type()) {
      case WRITE -> new Change.Write(volume(), offset(), payload());
      case ZERO -> new Change.Zero(volume(), offset(), extentBytes());
      case TRIM -> new Change.Trim(volume(), offset(), extentBytes());
      case VOLUME_CREATE -> new Change.VolumeCreate(volume(), text(), extentBytes());
      case VOLUME_RESIZE -> new Change.VolumeResize(volume(), extentBytes());
      case VOLUME_REMOVE -> new Change.VolumeRemove(volume());
      case EPOCH_START -> new Change.EpochStart(previousEpoch());
      case DEGRADED_SPAN -> new Change.DegradedSpan(extentBytes() == 1);
      case MARK -> new Change.Mark(text());
    };
  }

  private Epoch previousEpoch() {
    int at = payloadStart();
    return new Epoch(record.getInt(at), record.getInt(at + 4), record.getInt(at + 8));
  }

  private String text() {
    return StandardCharsets.UTF_8.decode(payload()).toString();
  }
}

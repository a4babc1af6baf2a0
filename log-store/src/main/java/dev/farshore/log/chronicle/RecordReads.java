package dev.farshore.log.chronicle;

import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordFormat;
import dev.farshore.log.record.RecordType;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/** Reads of single records, verified. Owned by the log's thread. */
final class RecordReads {

  private final RecordView view = new RecordView();

  /** Where the log stands after a record. */
  LogPosition position(Generation generation, long lsn) throws IOException {
    generation.record(lsn, view);
    return view.end();
  }

  /** The last end of an append at or before {@code lsn}. */
  LogPosition endOfAppend(Generation generation, long lsn) throws IOException {
    LogPosition start = generation.first().start();
    for (long at = lsn; at > start.lsn(); at--) {
      generation.record(at, view);
      if (view.lastOfAppend()) {
        return view.end();
      }
    }
    return start;
  }

  /**
   * Copies bytes of the payload of a record, and verifies the pieces that they lie in.
   *
   * @param volume to which the record must write, if that matters
   * @param offset of the first wanted byte in the payload
   */
  void payload(Generation generation, long lsn, OptionalInt volume, int offset, ByteBuffer target)
      throws IOException {
    generation.record(lsn, view);
    if (volume.isPresent()
        && (view.type() != RecordType.WRITE || view.volume() != volume.getAsInt())) {
      throw generation.damaged(lsn, "no write to volume " + volume.getAsInt());
    }
    int bytes = target.remaining();
    if (offset < 0 || offset > view.payloadBytes() - bytes) {
      throw new IllegalArgumentException(
          bytes + " bytes at " + offset + " of a payload of " + view.payloadBytes());
    }
    if (bytes == 0) {
      return;
    }
    int lead = (int) (view.offset() % RecordFormat.BLOCK_BYTES);
    int lastPiece = (lead + offset + bytes - 1) / RecordFormat.BLOCK_BYTES;
    for (int i = (lead + offset) / RecordFormat.BLOCK_BYTES; i <= lastPiece; i++) {
      if (!view.verifyPiece(i)) {
        throw generation.damaged(lsn, "piece " + i + " of the payload is not what was written");
      }
    }
    target.duplicate().put(view.payload().slice(offset, bytes));
  }
}

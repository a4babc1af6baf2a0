package dev.farshore.agent.mirror;

import dev.farshore.log.record.RecordFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Puts records together that come over a control channel in pieces. Owned by the group's thread.
 */
final class RecordPieces {
  private static final int FIRST_BYTES = 64 << 10;

  private ByteBuffer record = ByteBuffer.allocate(FIRST_BYTES);

  /**
   * Takes the next piece.
   *
   * @return the record, if it is whole with it; good until the next call
   * @throws IOException if no record can be so long
   */
  Optional<ByteBuffer> add(ByteBuffer piece, boolean endsRecord) throws IOException {
    if (record.remaining() < piece.remaining()) {
      int needed = record.position() + piece.remaining();
      if (needed > RecordFormat.MAX_APPEND_BYTES) {
        throw new IOException(
            "the other site's tail holds a record of more than " + needed + " bytes");
      }
      record = ByteBuffer.allocate(Math.max(needed, record.capacity() * 2)).put(record.flip());
    }
    record.put(piece);
    if (!endsRecord) {
      return Optional.empty();
    }
    ByteBuffer whole = record.duplicate().flip();
    record.clear();
    return Optional.of(whole);
  }

  /** Whether nothing of a record is waiting for the rest of it. */
  boolean empty() {
    return record.position() == 0;
  }

  /** The rest will not come. */
  void clear() {
    record.clear();
  }
}

package dev.farshore.agent.mirror;

import dev.farshore.log.SegmentLog.ReplicaOutcome;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordFormat;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Takes records that the mirror holds and this site lost (a power cut took what had been sent but
 * not forced) back into the log, before anything is served.
 */
final class TailPull {
  private final GroupStore store;
  private ByteBuffer record = ByteBuffer.allocate(64 << 10);

  TailPull(GroupStore store) {
    this.store = store;
  }

  /** Appends the record if it is whole with this piece. */
  void onBytes(ByteBuffer piece, boolean endsRecord) throws IOException {
    if (record.remaining() < piece.remaining()) {
      int needed = record.position() + piece.remaining();
      if (needed > RecordFormat.MAX_APPEND_BYTES) {
        throw new IOException("the mirror's tail holds a record of more than " + needed + " bytes");
      }
      record = ByteBuffer.allocate(Math.max(needed, record.capacity() * 2)).put(record.flip());
    }
    record.put(piece);
    if (endsRecord) {
      ReplicaOutcome outcome = store.appendReplica(record.flip());
      if (outcome != ReplicaOutcome.APPENDED && outcome != ReplicaOutcome.DUPLICATE) {
        throw new IOException("a record of the mirror's tail was not taken: " + outcome);
      }
      record.clear();
    }
  }

  /** Checks that this log now ends where the mirror's does, and has it forced. */
  void finish(LogPosition theirs) throws IOException {
    LogPosition mine = store.log().last();
    if (record.position() != 0 || !mine.equals(theirs)) {
      throw new IOException("the mirror's tail ends at " + theirs + ", this log at " + mine);
    }
    store.log().requestForce();
  }
}

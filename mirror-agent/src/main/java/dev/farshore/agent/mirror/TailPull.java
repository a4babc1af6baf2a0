package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.control.ControlMessage.PullTail;
import dev.farshore.log.SegmentLog.ReplicaOutcome;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Takes records that the mirror holds and this site lost (a power cut took what had been sent but
 * not forced) back into the log, before anything is served. It asks for a portion when the log has
 * written most of the one before, so that memory is bounded however long the tail and however slow
 * the disk: {@link #STAGED_BYTES_MAX}, a portion ({@link TailServer#PORTION_BYTES}) and a record.
 */
final class TailPull {
  /** While more than this waits for the disk, no portion is asked for. */
  static final long STAGED_BYTES_MAX = 4L << 20;

  private final GroupStore store;
  private final LogPosition end;
  private boolean asked;
  private final RecordPieces pieces = new RecordPieces();

  /**
   * @param end where the mirror's log ends
   */
  TailPull(GroupStore store, LogPosition end) {
    this.store = store;
    this.end = end;
  }

  /** Asks for the next portion if it may be asked for now. */
  void poll(ControlChannel channel) {
    if (!asked && store.log().stagedBytes() <= STAGED_BYTES_MAX) {
      asked = true;
      channel.sendOrClose(new PullTail(store.log().last().lsn() + 1));
    }
  }

  /** Appends the record if it is whole with this piece. */
  void onBytes(ByteBuffer piece, boolean endsRecord) throws IOException {
    Optional<ByteBuffer> record = pieces.add(piece, endsRecord);
    if (record.isPresent()) {
      ReplicaOutcome outcome = store.appendReplica(record.get());
      if (outcome != ReplicaOutcome.APPENDED && outcome != ReplicaOutcome.DUPLICATE) {
        throw new IOException("a record of the mirror's tail was not taken: " + outcome);
      }
    }
  }

  /**
   * A portion ends: checks that this log now ends where it does.
   *
   * @return whether it was the last; the log has been asked to force it all then
   */
  boolean onEnd(LogPosition theirs) throws IOException {
    LogPosition mine = store.log().last();
    if (!asked || !pieces.empty() || !mine.equals(theirs)) {
      throw new IOException("the mirror's tail ends at " + theirs + ", this log at " + mine);
    }
    asked = false;
    if (mine.lsn() < end.lsn()) {
      return false;
    }
    store.log().requestForce();
    return true;
  }
}

package dev.farshore.log;

import dev.farshore.log.disk.Completion;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * The log of one group, as a port. One owner thread appends, polls and reads.
 *
 * <p>LSNs are dense and start at 1. Three numbers say how far the log has come, each at most the
 * one before it: {@link #last} (staged in memory), {@link #appended} (handed to the operating
 * system: survives this process), {@link #forced} (survives a power cut).
 *
 * <p>After one failed write or force the log is poisoned: {@link #failure} says why, nothing is
 * appended any more, and {@code appended} and {@code forced} stay where they were (fsync-gate: a
 * force that succeeds after one that failed proves nothing).
 *
 * <p>What a log promises has two parts, each with a suite of tests. The <i>common part</i> is how
 * it behaves as long as its disk does what it should; every store keeps it. The <i>keeper's
 * part</i> is what a store has to show that is to hold a last copy: power cuts at any step, failed
 * forces, full disks, and files that rot, end early, are missing or cannot be read, none of which
 * it may answer with a record that was not appended, or with a log that is shorter than what had
 * been forced and does not say so. {@link dev.farshore.log.file} keeps both. {@link
 * dev.farshore.log.chronicle} keeps the common part only, and its description says why.
 *
 * @see "reliability invariants L1 to L7"
 */
public interface SegmentLog extends AutoCloseable {

  /** What became of a record that another site's log holds. */
  enum ReplicaOutcome {
    /** Staged, as the next record. */
    APPENDED,
    /** The log holds this record already. */
    DUPLICATE,
    /** Its LSN is not the next one. */
    GAP,
    /** It does not continue this log's chain: the logs differ somewhere before it. */
    DIVERGED,
    /** Its bytes contradict its own checksums. */
    CORRUPT,
    /** The log is poisoned. */
    FAILED
  }

  /** What became of a record that another site gave back. */
  enum MendOutcome {
    /** It is what was written here, and is read in its place from now on. */
    MENDED,
    /** It continues the record before it; the next one, which is lost too, has to prove it. */
    AWAITS_NEXT,
    /** It is not the record that was written here: the logs differ at it, or before. */
    FOREIGN,
    /**
     * It is not sound, not in this log, not the first that is lost, there is no room for it, or it
     * belongs to a run of which not every record can be right.
     */
    REFUSED
  }

  /**
   * Stages changes as one append: after any crash either all of its records are in the log or none.
   *
   * @param changes at least one, across any volumes of the group; together at most {@link
   *     dev.farshore.log.record.RecordFormat#MAX_APPEND_BYTES} when encoded
   * @param epoch not lower than that of the last record
   * @param wallMillis wall-clock time, milliseconds since 1970, for {@code as of} views only
   * @return LSN of the last of its records
   * @throws IOException if the log is poisoned
   */
  long append(List<Change> changes, Epoch epoch, long wallMillis) throws IOException;

  /**
   * Stages a record exactly as another site's log holds it. Records of one append that has not
   * arrived whole stay invisible to {@link #appended}, and a cut or a crash drops them.
   *
   * @param record one encoded record, position to limit; not kept
   */
  ReplicaOutcome appendReplica(ByteBuffer record);

  /**
   * Writes what is staged, submits a force if one was asked for and none is on its way, and frees,
   * recycles and preallocates segments. Bounded work; call again when it returns true.
   */
  boolean poll(long nowNanos);

  /**
   * Takes a record in the place of one that this log's disk has lost, as another site's log holds
   * it. It is believed if it continues the chain before it, and the chain behind it continues it:
   * then it is what was written here, whatever else the two logs hold. Of several lost ones in a
   * row none is believed before the last. What is believed is kept in memory, a bounded number of
   * bytes, and forgotten with the log; its bytes on disk stay as they are. Blocks for reads.
   *
   * @param record encoded, position to limit; not kept
   * @throws IOException if the log cannot be read, for other reasons than damage
   */
  default MendOutcome mend(ByteBuffer record) throws IOException {
    return MendOutcome.REFUSED;
  }

  /**
   * When {@link #poll} has something to do by itself; {@code Long.MAX_VALUE} if only I/O or appends
   * bring work.
   */
  long nextDeadlineNanos();

  /** Asks for everything staged so far to be forced. Many askers share one force. */
  void requestForce();

  /** Position after the last staged record. */
  LogPosition last();

  /** LSN up to which every record is with the operating system; always the end of an append. */
  long appended();

  /** LSN up to which every record is durable; always the end of an append. */
  long forced();

  /** LSN of the oldest record that can still be read; {@code last().lsn() + 1} if there is none. */
  long first();

  /**
   * Epoch and chain after the record {@code lsn}.
   *
   * @return empty unless {@code first() - 1 <= lsn <= appended()}
   * @throws LogDamagedException if the record is there and its bytes are not what was written
   */
  Optional<LogPosition> positionAt(long lsn) throws IOException;

  /**
   * Reads bytes of the payload of a write that this log holds, staged or older, and verifies them:
   * that they are those of the record {@code lsn}, that it writes to {@code volume}, and the
   * checksums of every block they lie in. Fails with {@link LogDamagedException} if they are not.
   * The record stays readable until the completion runs, even if it is freed meanwhile.
   *
   * @param lsn from {@link #first} to {@code last().lsn()}, the LSN of a {@link Change.Write}
   * @param payloadOffset of the first byte wanted, in the payload of the record
   * @param target filled from its position to its limit, which must lie within the payload; belongs
   *     to the log until the completion runs, and its position and limit do not change
   */
  void read(long lsn, int volume, int payloadOffset, ByteBuffer target, Completion completion);

  /** A reader of whole records from {@code fromLsn} on. Close it, or its segments stay. */
  LogCursor cursor(long fromLsn);

  /**
   * Allows the log to forget records below {@code lsn}. Space comes back in whole segments, later.
   * Never lowers what an earlier call allowed.
   */
  void free(long lsn);

  /**
   * A hint: whether a part of the log is about to be freed. While it is, a log that needs room
   * rather waits for that a while than make more, which takes longer, and takes the disk away from
   * those who free.
   */
  default void freeingSoon(boolean soon) {}

  /** Bytes on disk that hold records which are not free. */
  long retainedBytes();

  /** Bytes of records that are staged in memory and not yet written. */
  long stagedBytes();

  /** Encoded bytes of all records that were staged since the log was opened. */
  long encodedBytes();

  /**
   * Ends the log, durably, after the last append that ends at or before {@code lsn}. What was
   * behind it is first kept aside, whole, in files whose names start with {@code asideName}; if
   * nothing was but an append that had not arrived whole, there is nothing to keep. Blocks.
   *
   * @param lsn at least {@code first() - 1}
   * @return where the log ends now
   */
  LogPosition cut(long lsn, String asideName) throws IOException;

  /** Why the log is poisoned; empty while it is sound. */
  Optional<IOException> failure();

  /**
   * Poisons the log, as a failed force of its own would, because another file of the same store
   * could not be written or forced: a disk of which one force has failed acknowledges nothing more.
   * Does nothing to a log that is poisoned already.
   */
  void poison(IOException cause);

  /** What opening the log found and did. */
  RecoveryReport recovery();

  /** Forces what is staged, marks the log as cleanly closed and releases its files. Blocks. */
  @Override
  void close() throws IOException;
}

package dev.farshore.log.group;

import dev.farshore.log.SegmentLog;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A group at one site, on disk: the log, and the volumes that are its base images with the unfolded
 * tail of the log over them. After any crash the volumes are the state after exactly the records
 * 1..k of the log, for some k at least {@link SegmentLog#forced} before the crash, at the end of an
 * append. One owner thread.
 */
public interface GroupStore extends AutoCloseable {

  /** Most changes that one append can have. */
  int CHANGES_MAX = 8192;

  /** The log; append through the store, so that volumes follow. Another one after a replacement. */
  SegmentLog log();

  /**
   * Appends to the log and makes the volumes show it at once.
   *
   * @param changes 1 to {@link #CHANGES_MAX}
   * @return LSN of the last record
   * @throws IOException if the log is poisoned, or the store has failed
   * @throws IllegalArgumentException if a change names a volume that does not exist, or lies
   *     outside it
   */
  long append(List<Change> changes, Epoch epoch, long wallMillis) throws IOException;

  /**
   * {@link SegmentLog#appendReplica}, and the volumes follow at the end of each append. A record
   * that does not fit the volumes is as corrupt as one whose checksums do not fit its bytes.
   */
  SegmentLog.ReplicaOutcome appendReplica(ByteBuffer record);

  /** Volumes that exist after the last staged append, by number. */
  List<VolumeInfo> volumes();

  Optional<VolumeInfo> volume(String name);

  /** A number for a new volume; never given to another one, also after it has been removed. */
  int nextVolumeNumber();

  /**
   * Whether the last staged append lies in a {@link Change.DegradedSpan} that has begun and not
   * ended. What was before images that were received counts for nothing.
   */
  boolean inDegradedSpan();

  /**
   * Reads the latest appended bytes of a volume; verified against their checksums. Fails with
   * {@link dev.farshore.log.LogDamagedException} or {@link
   * dev.farshore.log.image.ImageDamagedException} for the damaged range only.
   *
   * @param target filled from its position to its limit
   * @throws IllegalArgumentException if there is no such volume, or the range is not inside it
   */
  void read(int volume, long offset, ByteBuffer target, Completion completion);

  /** What lies in a range, in order, at most {@code limit} extents; they cover a prefix of it. */
  List<Extent> extents(int volume, long offset, long length, int limit);

  /**
   * The volumes as they are now, held still for a reader. Holds back the fold at this LSN: close
   * it.
   */
  PinnedView pin();

  /** Runs the log, the fold and completions; true if it should be called again at once. */
  boolean poll(long nowNanos);

  long nextDeadlineNanos();

  /**
   * Records up to {@code lsn}, and the rest of the append that holds it, may be folded into the
   * base images: no cut will come below that. Never lowers. The fold never passes the forced LSN
   * either.
   */
  void allowFold(long lsn);

  /** Position up to which the base images hold everything; the end of an append. */
  LogPosition folded();

  /** How the fold stands. */
  FoldProgress foldProgress();

  /**
   * {@link SegmentLog#mend}: takes a record that this site's disk has lost as another site's log
   * holds it. What rests for want of it goes on at once; a fold puts it into the base images under
   * the protection of any fold, and the log, whose bytes stay as they are, is freed in time.
   *
   * @param record encoded, position to limit; not kept
   */
  SegmentLog.MendOutcome mend(ByteBuffer record) throws IOException;

  /**
   * Records below {@code lsn} may be freed once they are folded; kept for mirrors until then.
   * Unlike {@link SegmentLog#free} it may be lowered as long as the records are still there. Before
   * the first call nothing is freed.
   */
  void retainFrom(long lsn);

  /**
   * Cuts the log as {@link SegmentLog#cut} does, and takes the volumes back to its new end. Views
   * that were pinned behind it are lost. Blocks.
   *
   * @throws IllegalStateException if the fold has passed {@code lsn}: then only a refill helps
   * @throws IOException if the disk refuses; also if a fold that has begun to write cannot be
   *     completed now, for lack of room perhaps: nothing has been cut then. If it has, and a record
   *     that is left cannot be read, the store has failed, and nothing is read from it any more
   */
  LogPosition cut(long lsn, String asideName) throws IOException;

  /**
   * Starts reading the base images for a copy to another site. The fold stands still until it is
   * closed. Blocks while a fold that has begun to write is completed; if that cannot be done, the
   * reads of the source fail.
   */
  ImageSource openImages();

  /**
   * Starts (or resumes, if an unfinished one of the same {@code at} and volumes is on disk)
   * receiving base images from another site, beside the present ones, which stay in service until
   * {@link ImageReplacement#commit}. One at a time. Blocks.
   *
   * @param at the position whose state the images hold
   */
  ImageReplacement receiveImages(LogPosition at, List<VolumeInfo> volumes) throws IOException;

  /**
   * Why the store stopped taking changes (its log's failure, or that of a fold); empty while sound.
   */
  Optional<IOException> failure();

  /** Forces, closes cleanly, releases files. Blocks. */
  @Override
  void close() throws IOException;
}

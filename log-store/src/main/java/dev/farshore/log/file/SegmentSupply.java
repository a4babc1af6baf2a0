package dev.farshore.log.file;

import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskFile;
import dev.farshore.log.disk.DiskFullException;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Makes segments ready ahead of time, and takes back those that are freed. One job at a time, in
 * the background; owned by the log's thread.
 *
 * <pre>
 *   next ──▶ unready ──▶ Preparation: size, zeros, slot 0 ──▶ ready
 *                            ▲ a free file, or a new one
 *   retire ─▶ retiring ─▶ Retirement: slots say free ──▶ spare files, or deleted
 * </pre>
 *
 * <p>Segments are retired strictly in the order they come in, each durably before the next: so what
 * a power cut brings back of them has no holes.
 */
final class SegmentSupply {

  /**
   * Whether there is room is found out by writing until there is none, which costs a disk that is
   * nearly full as much as a segment: so it is tried less and less often.
   */
  private static final long RETRY_NANOS = 500_000_000;

  private static final long LONGEST_RETRY_NANOS = 4_000_000_000L;

  /**
   * Whoever opens, creates or cuts a log waits for its restart to be written with zeros, so that is
   * kept short. What follows is made ready while the log goes on.
   */
  private static final int RESTART_BYTES = 1 << 20;

  /** Enough for the slots and for the few records of its own that a primary has to write. */
  private static final int SMALLEST_BYTES = 16 << 10;

  /** About as long as it takes to make a file. */
  private static final long PATIENCE_NANOS = 250_000_000;

  private final Disk disk;
  private final LogSettings settings;
  private final long entropy;
  private final Deque<Segment> unready = new ArrayDeque<>();
  private final Deque<Segment> retiring = new ArrayDeque<>();
  private final Deque<String> spare = new ArrayDeque<>();
  private Optional<Segment> ahead = Optional.empty();
  private long nextNumber;
  private int nextFile;
  private boolean busy;
  private boolean stopping;
  private Optional<DiskFullException> full = Optional.empty();
  private Optional<IOException> failure = Optional.empty();
  private long nowNanos;
  private long retryNanos;
  private long retryDelayNanos = RETRY_NANOS;
  private boolean freeingSoon;
  private boolean wanting;
  private long wantedNanos;

  /**
   * @param entropy unguessable, different for each opening
   * @param nextNumber above every number that was ever given to a segment
   * @param nextFile above every number in the name of a file
   */
  SegmentSupply(Disk disk, LogSettings settings, long entropy, long nextNumber, int nextFile) {
    this.disk = disk;
    this.settings = settings;
    this.entropy = entropy;
    this.nextNumber = nextNumber;
    this.nextFile = nextFile;
  }

  Disk disk() {
    return disk;
  }

  LogSettings settings() {
    return settings;
  }

  /** A new segment that continues the last one. It becomes ready later, if it is not already. */
  Segment next() {
    if (ahead.isPresent()) {
      Segment segment = ahead.get();
      ahead = Optional.empty();
      return segment;
    }
    return make(false, settings.segmentBytes());
  }

  /**
   * A new segment that takes the log over at its start. It becomes ready later.
   *
   * @param bytes that are written to it at once
   */
  Segment restart(long bytes) {
    boolean recycles = !spare.isEmpty() || !retiring.isEmpty();
    return make(true, recycles ? settings.segmentBytes() : RESTART_BYTES + bytes);
  }

  /**
   * One in place of a restart that found no room: a small one, which finds room on a disk that is
   * as good as full. When it is freed its file is deleted.
   */
  Segment smallInsteadOf(Segment restart, long bytes) {
    unready.remove(restart);
    full = Optional.empty();
    return make(true, SMALLEST_BYTES + bytes);
  }

  private Segment make(boolean restart, long atMost) {
    int bytes = (int) Math.min(BatchHeader.pageAligned(atMost), settings.segmentBytes());
    long number = nextNumber++;
    SegmentSlot.Identity identity =
        new SegmentSlot.Identity(number, mix(entropy + number), restart);
    Segment segment = new Segment(identity, bytes);
    unready.add(segment);
    return segment;
  }

  /** Gives up the segment that was made ready ahead; no preparation is under way. */
  void dropAhead() {
    if (ahead.isPresent()) {
      Segment segment = ahead.get();
      ahead = Optional.empty();
      if (segment.isReady()) {
        retire(segment);
      } else {
        unready.remove(segment);
      }
    }
  }

  /** Has one segment made ready that nobody has asked for yet. */
  void prepareAhead() {
    if (ahead.isEmpty()) {
      ahead = Optional.of(next());
    }
  }

  /** Whether the segment that comes next could be written to now. */
  boolean isNextReady() {
    return ahead.map(Segment::isReady).orElse(false);
  }

  /** Whether to wait for a segment that is freed, for a while, rather than make another file. */
  void freeingSoon(boolean soon) {
    freeingSoon = soon;
  }

  /** Takes a segment back once nobody uses it; the log does not need it any more. */
  void retire(Segment segment) {
    retiring.add(segment);
  }

  /** Why no segment can be made ready for now. */
  Optional<DiskFullException> full() {
    return full;
  }

  Optional<IOException> failure() {
    return failure;
  }

  /** Whether a job is under way, so that its disk operations will bring the next step. */
  boolean isBusy() {
    return busy;
  }

  /** Starts a job if there is one and none is under way. */
  void poll(long now) {
    nowNanos = now;
    if (busy || stopping || failure.isPresent()) {
      return;
    }
    try {
      if (!unready.isEmpty() && mayPrepare()) {
        startPreparation(unready.getFirst());
      } else if (canRetire()) {
        busy = true;
        new Retirement(this, retiring.getFirst()).start();
      } else if (spare.size() > settings.spareSegments()) {
        disk.delete(spare.removeLast());
      }
    } catch (IOException e) {
      failed(e);
    }
  }

  long nextDeadlineNanos() {
    if (busy || unready.isEmpty() || failure.isPresent()) {
      return Long.MAX_VALUE;
    }
    if (full.isPresent()) {
      return retryNanos;
    }
    return freeingSoon && wanting ? wantedNanos + PATIENCE_NANOS : Long.MAX_VALUE;
  }

  /** A freed file is better than a new one, and a full disk is tried again now and then. */
  private boolean mayPrepare() {
    if (!spare.isEmpty()) {
      return true;
    }
    if (canRetire()) {
      return false;
    }
    return full.isPresent() ? nowNanos >= retryNanos : !freeingSoon || isImpatient();
  }

  private boolean isImpatient() {
    if (!wanting) {
      wanting = true;
      wantedNanos = nowNanos;
    }
    return nowNanos - wantedNanos >= PATIENCE_NANOS;
  }

  private boolean canRetire() {
    return !retiring.isEmpty() && retiring.getFirst().users() == 0;
  }

  private void startPreparation(Segment segment) throws IOException {
    Optional<DiskFile> recycled = recycled();
    DiskFile file = recycled.isPresent() ? recycled.get() : created();
    busy = true;
    wanting = false;
    new Preparation(this, segment, file, recycled.isEmpty()).start();
  }

  private DiskFile created() throws IOException {
    return disk.create(SegmentFileName.of(settings.name(), nextFile++), Disk.Access.RANDOM);
  }

  /**
   * A spare file, all of which has been written and forced. A shorter one is given up: if the
   * device failed while it grows, its slots would still say that it may be used, and the page cache
   * that it has a size which the file system does not know of.
   */
  private Optional<DiskFile> recycled() throws IOException {
    while (!spare.isEmpty()) {
      DiskFile file = disk.open(spare.removeFirst(), Disk.Access.RANDOM);
      if (file.size() >= settings.segmentBytes()) {
        return Optional.of(file);
      }
      file.close();
      disk.delete(file.name());
    }
    return Optional.empty();
  }

  void prepared(Segment segment, String fileName) {
    busy = false;
    full = Optional.empty();
    retryDelayNanos = RETRY_NANOS;
    unready.remove(segment);
    segment.liesIn(fileName);
    segment.becomeReady();
  }

  /** There was no room for the file; it is gone again. */
  void foundNoRoom(DiskFullException cause) {
    busy = false;
    full = Optional.of(cause);
    retryNanos = nowNanos + retryDelayNanos;
    retryDelayNanos = Math.min(2 * retryDelayNanos, LONGEST_RETRY_NANOS);
  }

  void retired(Segment segment) {
    busy = false;
    retiring.remove(segment);
    spare.add(segment.fileName());
  }

  void failed(IOException cause) {
    busy = false;
    if (failure.isEmpty()) {
      failure = Optional.of(cause);
    }
  }

  /** Has the job under way end at its next step; what it did so far does no harm. */
  void stop() {
    stopping = true;
  }

  boolean isStopping() {
    return stopping;
  }

  /** The job under way has ended before its time. */
  void stopped() {
    busy = false;
  }

  /** Closes the files of segments that were to be retired. */
  void close() throws IOException {
    for (Segment segment : retiring) {
      segment.close();
    }
  }

  /** Spreads the bits of a number over all others (the finalizer of SplitMix64). */
  private static long mix(long value) {
    long z = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}

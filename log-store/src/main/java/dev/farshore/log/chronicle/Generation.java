package dev.farshore.log.chronicle;

import dev.farshore.log.LogDamagedException;
import dev.farshore.log.chronicle.ExcerptFormat.Boundary;
import dev.farshore.log.chronicle.ExcerptFormat.Kind;
import dev.farshore.log.disk.AllOf;
import dev.farshore.log.disk.Awaited;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskFile;
import dev.farshore.log.disk.RealDisk;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One queue on disk, as segments: writes excerpts at its end, reads records by LSN, forces and
 * deletes files. Owned by the log's thread.
 */
final class Generation implements AutoCloseable {

  private final long group;
  private final RealDisk disk;
  private final CycleQueue queue;
  private final ExcerptReader reader;

  /** By the LSN before their first record. */
  private final NavigableMap<Long, Segment> segments = new TreeMap<>();

  private final Map<Integer, DiskFile> files = new TreeMap<>();

  /** The last segment, if it can take more records. */
  private Optional<Segment> active = Optional.empty();

  private boolean sealed;

  /**
   * @param wake see {@link RealDisk}
   */
  Generation(long group, Path directory, Runnable wake) throws IOException {
    this.group = group;
    this.disk = new RealDisk(directory, wake);
    try {
      this.queue = new CycleQueue(directory);
    } catch (IOException e) {
      disk.close();
      throw e;
    }
    this.reader = new ExcerptReader(queue);
  }

  /** Numbers of the cycles that have files, ascending. */
  List<Integer> cycles() throws IOException {
    return disk.list().stream().map(CycleQueue::cycleOf).filter(cycle -> cycle >= 0).toList();
  }

  /** Takes segments on that are there, ascending. */
  void adopt(List<Segment> found) throws IOException {
    for (Segment segment : found) {
      add(segment);
    }
  }

  private void add(Segment segment) throws IOException {
    Segment empty = segments.put(segment.start().lsn(), segment);
    if (empty != null) {
      deleteFile(empty);
    }
  }

  Path directory() {
    return queue.directory();
  }

  RealDisk disk() {
    return disk;
  }

  ExcerptReader reader() {
    return reader;
  }

  List<Segment> segments() {
    return List.copyOf(segments.values());
  }

  Segment first() {
    return segments.firstEntry().getValue();
  }

  Segment newest() {
    return segments.lastEntry().getValue();
  }

  /** The segments that hold the record {@code lsn} and later ones. */
  List<Segment> segmentsFrom(long lsn) {
    return segments.values().stream().filter(segment -> segment.last() >= lsn).toList();
  }

  /** Bytes of the segments that hold the record {@code lsn} and later ones. */
  long bytesFrom(long lsn) {
    return segmentsFrom(lsn).stream().mapToLong(Segment::bytes).sum();
  }

  /** The segment that holds the record {@code lsn}, which is not before the first one. */
  Segment holding(long lsn) {
    return segments.lowerEntry(lsn).getValue();
  }

  /** The segment that takes the next record; empty if a new one has to be begun. */
  Optional<Segment> active() {
    return active;
  }

  /** Lets the last segment take more records: this process wrote its last excerpt. */
  void resume() {
    active = Optional.of(segments.lastEntry().getValue());
  }

  /** Begins a segment, in a file whose name is durable. */
  void begin(int cycle, LogPosition start, long bytesBefore, long forced) throws IOException {
    Segment segment = new Segment(cycle, start, bytesBefore);
    Boundary boundary = new Boundary(group, cycle, start, bytesBefore);
    queue.append(
        cycle,
        ExcerptFormat.BOUNDARY_BYTES,
        excerpt -> ExcerptFormat.putBoundary(excerpt, Kind.OPEN, forced, boundary));
    segment.grew(ExcerptFormat.BOUNDARY_BYTES);
    disk.forceDirectory();
    add(segment);
    active = Optional.of(segment);
    sealed = false;
  }

  /** Begins the segment after the last one. */
  void beginNext(LogPosition start, long forced) throws IOException {
    Segment previous = segments.lastEntry().getValue();
    begin(Math.addExact(previous.cycle(), 1), start, previous.bytesAfter(), forced);
  }

  /**
   * @param bytes of records about to be appended
   * @throws dev.farshore.log.disk.DiskFullException if there is no room for them
   */
  void requireRoom(long bytes) throws IOException {
    queue.requireRoom(bytes);
  }

  /**
   * Appends a record to the active segment.
   *
   * @param recordBytes its length
   * @param filler puts the record into the place it is given
   */
  void append(int recordBytes, long forced, CycleQueue.Filler filler) throws IOException {
    int bytes = ExcerptFormat.PREFIX_BYTES + recordBytes;
    Segment segment = active.orElseThrow();
    queue.append(
        segment.cycle(),
        bytes,
        excerpt -> {
          ExcerptFormat.putRecordPrefix(excerpt, forced);
          filler.fill(excerpt.position(ExcerptFormat.PREFIX_BYTES));
        });
    segment.grewByRecord(bytes);
  }

  /** Says, as the last excerpt of the active segment, that the log is closed here. */
  void seal(LogPosition end) throws IOException {
    Segment segment = active.orElseThrow();
    Boundary boundary = new Boundary(group, segment.cycle(), end, segment.bytesBefore());
    queue.append(
        segment.cycle(),
        ExcerptFormat.BOUNDARY_BYTES,
        excerpt -> ExcerptFormat.putBoundary(excerpt, Kind.CLOSE, end.lsn(), boundary));
    segment.grew(ExcerptFormat.BOUNDARY_BYTES);
    active = Optional.empty();
    sealed = true;
  }

  /** Whether the last excerpt says that the log is closed. */
  boolean isSealed() {
    return sealed;
  }

  /** Says that the last excerpt on disk says that the log was closed. */
  void closedBefore() {
    sealed = true;
  }

  /**
   * Points a view at a record where it lies; both are valid until this generation is used again.
   * Header and table are verified, and that it is this record; the payload is not.
   *
   * @return the record, from position to limit
   */
  ByteBuffer record(long lsn, RecordView view) throws IOException {
    Segment segment = holding(lsn);
    ExcerptReader.Excerpt excerpt =
        reader
            .read(segment.cycle(), segment.sequence(lsn))
            .orElseThrow(() -> damaged(segment, 0, lsn, "the record is not there"));
    ByteBuffer bytes = excerpt.bytes();
    if (ExcerptFormat.kind(bytes).orElse(Kind.CLOSE) != Kind.RECORD) {
      throw damaged(segment, excerpt.offset(), lsn, "no record");
    }
    bytes.position(ExcerptFormat.PREFIX_BYTES);
    if (!view.wrap(bytes).verifyHeader()
        || view.encodedBytes() != bytes.remaining()
        || view.lsn() != lsn
        || view.group() != group) {
      throw damaged(segment, excerpt.offset(), lsn, "not the record that was written");
    }
    return bytes;
  }

  LogDamagedException damaged(long lsn, String reason) {
    return damaged(holding(lsn), 0, lsn, reason);
  }

  private static LogDamagedException damaged(
      Segment segment, long offset, long lsn, String reason) {
    return new LogDamagedException(segment.cycle(), offset, lsn, reason);
  }

  /** Forces everything that was appended before this call. */
  void force(Completion completion) {
    AllOf all = new AllOf(completion);
    for (Segment segment : segments.values()) {
      if (segment.unforced()) {
        try {
          file(segment).force(all.one());
          segment.settled();
        } catch (IOException e) {
          all.failed(e);
          return;
        }
      }
    }
    all.submitted();
  }

  /** Forces everything, and waits for it. */
  void forceNow() throws IOException {
    Awaited forced = new Awaited();
    force(forced);
    forced.join(disk);
  }

  private DiskFile file(Segment segment) throws IOException {
    DiskFile file = files.get(segment.cycle());
    if (file == null) {
      file = disk.open(CycleQueue.fileName(segment.cycle()), Disk.Access.LOG);
      files.put(segment.cycle(), file);
    }
    return file;
  }

  /** Closes the force channels of all segments but the active one; they are forced. */
  void releaseForced() throws IOException {
    for (Segment segment : segments.values()) {
      boolean takesMore = active.isPresent() && active.get() == segment;
      if (!takesMore && !segment.unforced()) {
        release(segment);
      }
    }
  }

  private void release(Segment segment) throws IOException {
    DiskFile file = files.remove(segment.cycle());
    if (file != null) {
      file.close();
    }
  }

  /** Deletes a segment, which is not the active one and has been forced. */
  void delete(Segment segment) throws IOException {
    segments.remove(segment.start().lsn(), segment);
    deleteFile(segment);
  }

  private void deleteFile(Segment segment) throws IOException {
    release(segment);
    reader.forget(segment.cycle());
    disk.delete(CycleQueue.fileName(segment.cycle()));
  }

  /** Gives files of this generation a second name in another directory. */
  void link(List<Segment> linked, Path target) throws IOException {
    for (Segment segment : linked) {
      String name = CycleQueue.fileName(segment.cycle());
      Files.createLink(target.resolve(name), directory().resolve(name));
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
    queue.close();
    disk.close();
  }
}

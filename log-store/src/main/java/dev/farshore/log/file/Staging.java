package dev.farshore.log.file;

import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordEncoder;
import dev.farshore.log.record.RecordFormat;
import dev.farshore.log.record.RecordHead;
import dev.farshore.log.record.RecordView;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * Where records become part of the log: lays them out in windows as they will lie in the segments,
 * gathers them into batches, and keeps the windows for readers after they were written. Owned by
 * the log's thread.
 *
 * <p>A record's place is final from here on: the place of the next segment is known before its file
 * is ready. An append lies in one segment, unless it came as single records from another site.
 */
final class Staging {

  private static final int SMALLEST_WINDOW_BYTES = 32 << 10;

  /** Room for four writes of 1 MiB with their headers. */
  private static final int LARGEST_WINDOW_BYTES = (4 << 20) + (64 << 10);

  private static final int SLOTS_BYTES = SegmentSlot.DATA_START - SegmentSlot.PAGE_BYTES;

  private final LogSettings settings;
  private final SegmentSupply supply;
  private final SegmentList segments;
  private final WindowPool pool;

  /** Of windows, and of memory that is kept for windows to come. */
  private final long mostBytes;

  private final RecordEncoder encoder = new RecordEncoder();

  /** All windows in memory, oldest first; the last one is being filled. */
  private final Deque<Window> windows = new ArrayDeque<>();

  /** Those of them with closed batches that are not with the disk yet. */
  private final Deque<Window> unwritten = new ArrayDeque<>();

  private long windowBytes;
  private Segment segment;
  private boolean rolls;
  private LogPosition last;
  private long appendEnd;
  private boolean startsPage;
  private long forced;
  private long stated;
  private long encodedBytes;

  private Optional<LogPosition> openBatch = Optional.empty();
  private int batchAt;

  /**
   * @param segment an empty one, the last of {@code segments}; the log goes on where it starts
   */
  Staging(LogSettings settings, SegmentSupply supply, SegmentList segments, Segment segment) {
    this.settings = settings;
    this.supply = supply;
    this.segments = segments;
    this.segment = segment;
    this.last = segment.start();
    this.appendEnd = last.lsn();
    this.stated = last.lsn();
    int window =
        Math.clamp(settings.segmentBytes() / 15, SMALLEST_WINDOW_BYTES, LARGEST_WINDOW_BYTES);
    this.pool = new WindowPool(window);
    this.mostBytes = settings.cacheBytes() + 2L * window;
  }

  /**
   * Says that the first segment is part of the log, and its slots say how far it is forced. From
   * now on a full segment is followed by another; before, it just grows.
   */
  void committed() {
    rolls = true;
    stated = forced;
  }

  LogPosition last() {
    return last;
  }

  /** LSN of the last record that ends an append. */
  long appendEnd() {
    return appendEnd;
  }

  /** Encoded bytes of all records staged so far. */
  long encodedBytes() {
    return encodedBytes;
  }

  /** Says up to where the log has been forced, for the batches to come. */
  void forcedIs(long lsn) {
    forced = lsn;
  }

  /** The largest forced LSN that a batch has stated so far. */
  long statedForced() {
    return stated;
  }

  /** Says that a force was submitted: the pages written so far are not written again. */
  void startPage() {
    startsPage = true;
  }

  /** Makes records of changes, all of one append. */
  void append(List<Change> changes, Epoch epoch, long wallMillis) {
    long bytes = 0;
    for (Change change : changes) {
      bytes += RecordEncoder.encodedBytes(change);
    }
    if (bytes > RecordFormat.MAX_APPEND_BYTES) {
      throw new IllegalArgumentException("an append of " + bytes + " bytes");
    }
    makeRoom((int) bytes);
    Window window = windows.getLast();
    for (int i = 0; i < changes.size(); i++) {
      boolean first = i == 0;
      boolean end = i == changes.size() - 1;
      RecordHead head =
          new RecordHead(settings.group(), last.lsn() + 1, epoch, wallMillis, first, end);
      int at = window.used();
      ByteBuffer target = window.bytes().position(at);
      var chain = encoder.encode(head, changes.get(i), last.chain(), target);
      added(window, at, target.position(), new LogPosition(head.lsn(), epoch, chain), end);
    }
  }

  /** Takes a record over as it is; it has been verified to continue the log. */
  void append(RecordView view, ByteBuffer record) {
    int bytes = record.remaining();
    makeRoom(bytes);
    Window window = windows.getLast();
    int at = window.used();
    window.bytes().put(at, record, record.position(), bytes);
    added(window, at, at + bytes, view.end(), view.lastOfAppend());
  }

  private void added(Window window, int at, int end, LogPosition position, boolean endsAppend) {
    window.useTo(end);
    window.holds(position.lsn());
    segment.add(window.fileOffset(at));
    encodedBytes += end - at;
    segment.endsAtByte(window.fileOffset(end));
    last = position;
    if (endsAppend) {
      appendEnd = position.lsn();
    }
  }

  private void makeRoom(int bytes) {
    if (openBatch.isPresent()) {
      Window window = windows.getLast();
      if (bytes <= window.room() && fits(segment.end() + bytes)) {
        return;
      }
      closeBatch();
    }
    int needed = BatchHeader.BYTES + bytes;
    int start = nextStart();
    if (!segment.isEmpty() && !fits(start + needed)) {
      startSegment();
      start = SegmentSlot.DATA_START;
    }
    openBatch(start, needed);
  }

  private boolean fits(int end) {
    return !rolls || end <= segment.fileBytes();
  }

  private int nextStart() {
    int end = segment.end();
    return startsPage ? BatchHeader.pageAligned(end) : BatchHeader.aligned(end);
  }

  /** Bytes that an append may have without needing another segment. */
  int roomInSegment() {
    int header = openBatch.isPresent() ? 0 : BatchHeader.BYTES;
    int start = openBatch.isPresent() ? segment.end() : nextStart();
    return Math.max(0, segment.fileBytes() - start - header);
  }

  private void startSegment() {
    segment = supply.next();
    segment.startAfter(last);
    segments.add(segment);
  }

  private void openBatch(int start, int needed) {
    Window window = windowAt(start, needed);
    batchAt = window.positionOf(start);
    window.useTo(batchAt + BatchHeader.BYTES);
    segment.endsAtByte(start + BatchHeader.BYTES);
    openBatch = Optional.of(last);
    startsPage = false;
  }

  /** The window being filled if there is room in it, else a new one; filled up to {@code start}. */
  private Window windowAt(int start, int needed) {
    Window window = windows.peekLast();
    if (window == null
        || window.segment() != segment
        || window.positionOf(start) + needed > window.bytes().capacity()) {
      return newWindow(start, needed);
    }
    int at = window.positionOf(start);
    for (int i = window.used(); i < at; i++) {
      window.bytes().put(i, (byte) 0);
    }
    if (window.isAllSubmitted()) {
      window.skipTo(at);
    }
    return window;
  }

  private Window newWindow(int start, int needed) {
    boolean withSlots = start == SegmentSlot.DATA_START && !segment.restart();
    ByteBuffer bytes = pool.take(withSlots ? needed + SLOTS_BYTES : needed);
    Window window = new Window(segment, withSlots ? SegmentSlot.PAGE_BYTES : start, bytes);
    if (withSlots) {
      putSlots(bytes);
      window.useTo(SLOTS_BYTES);
    }
    windows.add(window);
    windowBytes += bytes.capacity();
    evict();
    return window;
  }

  private void putSlots(ByteBuffer bytes) {
    SegmentSlot slot =
        SegmentSlot.inService(SegmentSlot.State.SERVING, segment, settings.group(), forced);
    for (int i = 0; i < SLOTS_BYTES; i += Long.BYTES) {
      bytes.putLong(i, 0);
    }
    slot.encode(bytes, 0);
    slot.encode(bytes, SegmentSlot.PAGE_BYTES);
  }

  /**
   * Lets windows go that nobody needs, oldest first, as long as there are more than should be. A
   * reader that rests on one keeps that one only: a fold rests on its last record until the next.
   */
  private void evict() {
    Iterator<Window> oldestFirst = windows.iterator();
    while (windowBytes > settings.cacheBytes() && oldestFirst.hasNext()) {
      Window window = oldestFirst.next();
      if (window == windows.getLast() || window == unwritten.peekFirst()) {
        return;
      }
      if (window.users() == 0) {
        oldestFirst.remove();
        windowBytes -= window.bytes().capacity();
        pool.giveBack(window.bytes(), mostBytes - windowBytes);
      }
    }
  }

  /** Ends the batch that records were last added to, if there is one: it may be written. */
  void closeBatch() {
    if (openBatch.isPresent()) {
      LogPosition before = openBatch.get();
      int recordBytes = windows.getLast().used() - batchAt - BatchHeader.BYTES;
      finishBatch(false, before, recordBytes);
      openBatch = Optional.empty();
    }
  }

  /**
   * Ends the batch that records were last added to, and puts one without records behind it, where
   * there is room: should the sector with its header be lost, this one tells that it was there.
   */
  void endBatch() {
    if (openBatch.isPresent()) {
      mark(false);
    }
  }

  private void finishBatch(boolean clean, LogPosition before, int recordBytes) {
    Window window = windows.getLast();
    int count = Math.toIntExact(last.lsn() - before.lsn());
    new BatchHeader(clean, count, segment.number(), segment.salt(), before, recordBytes, forced)
        .encode(window.bytes(), batchAt);
    stated = forced;
    window.close(last.lsn(), appendEnd, encodedBytes);
    if (unwritten.peekLast() != window) {
      unwritten.add(window);
    }
  }

  /**
   * Adds a batch without records, which says how far the log has been forced.
   *
   * @param clean whether it also says that the log was closed cleanly
   * @return false if there is no room for it in the segment
   */
  boolean mark(boolean clean) {
    closeBatch();
    int start = nextStart();
    if (!clean && !fits(start + BatchHeader.BYTES)) {
      return false;
    }
    openBatch(start, BatchHeader.BYTES);
    openBatch = Optional.empty();
    finishBatch(clean, last, 0);
    return true;
  }

  boolean hasOpenBatch() {
    return openBatch.isPresent();
  }

  /** The oldest window with something to write. */
  Optional<Window> unwritten() {
    while (!unwritten.isEmpty() && unwritten.getFirst().isAllSubmitted()) {
      unwritten.removeFirst();
    }
    return Optional.ofNullable(unwritten.peekFirst());
  }

  /** The window that holds a record, if it is in memory. */
  Optional<Window> window(long lsn) {
    Iterator<Window> newestFirst = windows.descendingIterator();
    while (newestFirst.hasNext()) {
      Window window = newestFirst.next();
      if (window.has(lsn)) {
        return Optional.of(window);
      }
    }
    return Optional.empty();
  }
}

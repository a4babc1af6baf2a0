package dev.farshore.log.chronicle;

import dev.farshore.log.LogDamagedException;
import dev.farshore.log.chronicle.ExcerptFormat.Boundary;
import dev.farshore.log.chronicle.ExcerptFormat.Kind;
import dev.farshore.log.chronicle.ExcerptReader.Excerpt;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds where a log ends. Reads the start of every segment, and every record of those that may hold
 * one that had not been forced. Used once, by the log's thread.
 *
 * <p>Every excerpt says up to where the log was forced when it was written. What does not check out
 * at or below the highest such mark is damage; above it, it is the torn end of the log.
 */
final class TailScan {

  private record Break(int cycle, long offset, long lsn, String reason) {}

  private final long group;
  private final ExcerptReader reader;
  private final RecordView view = new RecordView();
  private final List<Segment> segments = new ArrayList<>();
  private LogPosition position = LogPosition.START;
  private LogPosition end = LogPosition.START;
  private int scanned;
  private long synced;
  private long tornBytes;
  private Optional<Break> broken = Optional.empty();
  private boolean closed;

  TailScan(long group, ExcerptReader reader) {
    this.group = group;
    this.reader = reader;
  }

  /**
   * @param cycles of the segments on disk, ascending, at least one
   * @throws LogDamagedException if something that had been forced is not what was written
   */
  void run(List<Integer> cycles) throws IOException {
    for (int cycle : cycles) {
      readStart(cycle);
    }
    if (segments.isEmpty()) {
      Break first = broken.orElseThrow();
      throw new LogDamagedException(first.cycle(), first.offset(), 0, first.reason());
    }
    scanned = segments.size() - 1;
    while (scanned > 0 && segments.get(scanned).start().lsn() > synced) {
      scanned--;
    }
    position = segments.get(scanned).start();
    end = position;
    Optional<Break> brokenStart = broken;
    broken = Optional.empty();
    for (int i = scanned; i < segments.size(); i++) {
      scan(segments.get(i));
    }
    broken = broken.or(() -> brokenStart);
    requireForced();
  }

  /** Notes the segment of a cycle; no segment after one whose start is not intact counts. */
  private void readStart(int cycle) throws IOException {
    Optional<Excerpt> excerpt = reader.read(cycle, 0);
    Optional<Kind> kind = excerpt.flatMap(found -> ExcerptFormat.kind(found.bytes()));
    if (kind.isEmpty() || kind.get() != Kind.OPEN) {
      breakAt(new Break(cycle, 0, 0, "the segment has no intact start"));
      return;
    }
    ByteBuffer bytes = excerpt.get().bytes();
    Boundary boundary = ExcerptFormat.boundary(bytes);
    if (boundary.group() != group || boundary.cycle() != cycle) {
      throw new LogDamagedException(
          cycle, excerpt.get().offset(), 0, "belongs to another group or segment");
    }
    synced = Math.max(synced, ExcerptFormat.forced(bytes));
    if (broken.isPresent()) {
      tornBytes += bytes.remaining();
      return;
    }
    if (!segments.isEmpty()) {
      segments.getLast().endsAt(boundary.position().lsn(), boundary.logBytes());
    }
    segments.add(new Segment(cycle, boundary.position(), boundary.logBytes()));
  }

  private void scan(Segment segment) throws IOException {
    if (broken.isEmpty() && !segment.start().equals(position)) {
      breakAt(
          new Break(segment.cycle(), 0, position.lsn() + 1, "does not begin where the log was"));
    }
    closed = false;
    segment.endsAt(segment.start().lsn(), segment.bytesBefore());
    segment.grew(ExcerptFormat.BOUNDARY_BYTES);
    long sequence = 1;
    Optional<Excerpt> excerpt = reader.read(segment.cycle(), sequence);
    while (excerpt.isPresent()) {
      take(segment, excerpt.get());
      excerpt = reader.read(segment.cycle(), ++sequence);
    }
  }

  private void take(Segment segment, Excerpt excerpt) {
    ByteBuffer bytes = excerpt.bytes();
    Optional<Kind> kind = ExcerptFormat.kind(bytes);
    closed = kind.isPresent() && kind.get() == Kind.CLOSE && isClosedHere(bytes);
    if (kind.isPresent()) {
      synced = Math.max(synced, ExcerptFormat.forced(bytes));
    }
    if (broken.isEmpty() && !closed && !(kind.isPresent() && isNextRecord(bytes, kind.get()))) {
      breakAt(
          new Break(
              segment.cycle(),
              excerpt.offset(),
              position.lsn() + 1,
              "not the record that was written"));
    }
    if (broken.isPresent()) {
      tornBytes += bytes.remaining();
    } else if (closed) {
      segment.grew(bytes.remaining());
    } else {
      segment.grewByRecord(bytes.remaining());
      position = view.end();
      end = view.lastOfAppend() ? position : end;
    }
  }

  private boolean isClosedHere(ByteBuffer bytes) {
    return broken.isEmpty() && ExcerptFormat.boundary(bytes).position().equals(position);
  }

  private boolean isNextRecord(ByteBuffer bytes, Kind kind) {
    if (kind != Kind.RECORD || closed) {
      return false;
    }
    ByteBuffer record =
        bytes.slice(ExcerptFormat.PREFIX_BYTES, bytes.remaining() - ExcerptFormat.PREFIX_BYTES);
    return view.wrap(record).verifyHeader()
        && view.encodedBytes() == record.remaining()
        && view.group() == group
        && view.lsn() == position.lsn() + 1
        && view.verifyPayload()
        && view.chainAfter(position.chain()).equals(view.chain());
  }

  private void breakAt(Break first) {
    if (broken.isEmpty()) {
      broken = Optional.of(first);
    }
  }

  private void requireForced() throws LogDamagedException {
    if (synced <= end.lsn()) {
      return;
    }
    Break lost =
        broken.orElseGet(
            () -> new Break(segments.getLast().cycle(), 0, end.lsn() + 1, "ends too early"));
    throw new LogDamagedException(
        lost.cycle(),
        lost.offset(),
        end.lsn() + 1,
        lost.reason() + ", and the log had been forced up to " + synced);
  }

  /** The last whole append. */
  LogPosition end() {
    return end;
  }

  /** LSN up to which the log says itself that it had been forced. */
  long synced() {
    return isClean() ? end.lsn() : synced;
  }

  long tornBytes() {
    return tornBytes;
  }

  /** Whole records of an append whose end is missing. */
  long droppedRecords() {
    return position.lsn() - end.lsn();
  }

  /** Whether the log had been closed, and nothing is torn. */
  boolean isClean() {
    return closed && broken.isEmpty() && position.equals(end);
  }

  /** Every segment that begins at or before the end. */
  List<Segment> segments() {
    return segments.stream().filter(segment -> segment.start().lsn() <= end.lsn()).toList();
  }

  /** How many of the segments were not read through, because all of their records were forced. */
  int settledSegments() {
    return Math.min(scanned, segments().size());
  }
}

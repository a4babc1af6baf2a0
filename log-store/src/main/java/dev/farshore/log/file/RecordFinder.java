package dev.farshore.log.file;

import dev.farshore.log.LogDamagedException;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskFile;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Finds records: in the windows in memory, else in the segments, by their indexes, which are read
 * when they are needed and forgotten when there are too many. Owned by the log's thread.
 */
final class RecordFinder {

  /** Entries of all indexes together, 4 bytes each. */
  private static final long MOST_ENTRIES = 16 << 20;

  private static final int MOST_OPEN_FILES = 64;
  private static final int INDEX_BLOCK_BYTES = 256 << 10;

  private final Disk disk;
  private final LogSettings settings;
  private final SegmentList segments;
  private final List<IndexLoad> loads = new ArrayList<>();
  private final Deque<Segment> opened = new ArrayDeque<>();
  private final Mended mended = new Mended();
  private Optional<Staging> staging = Optional.empty();

  RecordFinder(Disk disk, LogSettings settings, SegmentList segments) {
    this.disk = disk;
    this.settings = settings;
    this.segments = segments;
  }

  /** Says where the end of the log is in memory. */
  void look(Staging place) {
    staging = Optional.of(place);
  }

  Disk disk() {
    return disk;
  }

  long group() {
    return settings.group();
  }

  SegmentList segments() {
    return segments;
  }

  /** What is read in the place of records that the disk has lost. */
  Mended mended() {
    return mended;
  }

  Optional<Window> inMemory(long lsn) {
    return staging.flatMap(place -> place.window(lsn));
  }

  /** The place of a record in a segment whose index is known. */
  int offset(Segment segment, long lsn) throws LogDamagedException {
    RecordIndex index = segment.index().orElseThrow();
    int offset = index.knows(lsn) ? index.offset(lsn) : RecordIndex.NOWHERE;
    if (offset == RecordIndex.NOWHERE) {
      index.missed();
      throw new LogDamagedException(segment.number(), 0, lsn, "the batch it was in is damaged");
    }
    return offset;
  }

  /** Whether what is known of a segment, if anything is, leaves out what may be there. */
  boolean mustLearn(Segment segment) {
    return segment.index().map(RecordIndex::isWorthAnotherLook).orElse(true);
  }

  /** Finds out what lies where in a segment; tells {@code whenKnown}, maybe within this call. */
  void learn(Segment segment, Completion whenKnown) {
    if (!mustLearn(segment)) {
      whenKnown.done();
      return;
    }
    for (IndexLoad load : loads) {
      if (load.segment() == segment) {
        load.tell(whenKnown);
        return;
      }
    }
    IndexLoad load = new IndexLoad(this, segment);
    loads.add(load);
    load.tell(whenKnown);
    load.start(INDEX_BLOCK_BYTES);
  }

  void loaded(IndexLoad load) {
    loads.remove(load);
    forgetSomeIndexes(load.segment());
  }

  /** Keeps the number of index entries within bounds; the oldest segments lose theirs first. */
  private void forgetSomeIndexes(Segment spared) {
    long entries = 0;
    for (Segment segment : segments.all()) {
      entries += segment.index().map(RecordIndex::entries).orElse(0);
    }
    for (Segment segment : segments.all()) {
      if (entries <= MOST_ENTRIES) {
        return;
      }
      if (segment != spared && segment != segments.newest() && segment.users() == 0) {
        entries -= segment.index().map(RecordIndex::entries).orElse(0);
        segment.forgetIndex();
      }
    }
  }

  /** The segment's file, open; closes one that was opened long ago if there are many. */
  DiskFile file(Segment segment) throws IOException {
    if (!segment.isOpen()) {
      opened.add(segment);
      closeSome();
    }
    return segment.file(disk);
  }

  private void closeSome() throws IOException {
    for (int i = opened.size(); i > 0 && opened.size() > MOST_OPEN_FILES; i--) {
      Segment oldest = opened.removeFirst();
      if (oldest.users() > 0 || oldest.isUnforced() || oldest == segments.newest()) {
        opened.add(oldest);
      } else {
        oldest.close();
      }
    }
  }
}

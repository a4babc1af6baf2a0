package dev.farshore.log.disk;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/**
 * What one file of a simulated disk holds, apart from its names: the live view (page cache), the
 * durable image (platter), and the changes that are in the first and not yet in the second.
 *
 * <p>After a power cut each 512-byte sector holds the durable bytes with the first few of the
 * unforced writes to it applied, none to all: sectors are atomic, and nothing else is. Sizes follow
 * the unforced changes of size up to some point of their order.
 *
 * <p>A page that the platter had never held when a force of it failed is <em>stranded</em>: the
 * file system believes that it is written, and never says so to the platter. What is written to it
 * later and forced reads as zeros once the cache is gone, until the cache has been dropped or the
 * page cut off. Ext4 does that with extents that were allocated for the write that failed.
 */
final class SimulatedContents {

  static final int SECTOR_BYTES = 512;
  private static final int PAGE_BYTES = SparseBytes.PAGE_BYTES;

  private sealed interface Change {
    long sequence();
  }

  private record Written(long sequence, long position, byte[] bytes) implements Change {}

  private record Resized(long sequence, long size) implements Change {}

  private SparseBytes live = new SparseBytes();
  private SparseBytes durable = new SparseBytes();
  private final Deque<Change> unforced = new ArrayDeque<>();
  private final TreeSet<Long> unreadable = new TreeSet<>();
  private final TreeSet<Long> stranded = new TreeSet<>();
  private long nextSequence;

  /** Contents that hold what these would after a power cut that keeps nothing unforced. */
  SimulatedContents durableCopy() {
    SimulatedContents copy = new SimulatedContents();
    copy.live = durable.copy();
    copy.durable = durable.copy();
    copy.unreadable.addAll(unreadable);
    return copy;
  }

  SparseBytes live() {
    return live;
  }

  SparseBytes durable() {
    return durable;
  }

  /** Sequence number that the next change will have; a force covers the changes below it. */
  long nextSequence() {
    return nextSequence;
  }

  /** Writes the first {@code length} of {@code bytes}, which are not changed afterwards. */
  void write(long position, byte[] bytes, int length) {
    if (length == 0) {
      return;
    }
    byte[] kept = length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    live.write(position, kept, 0, length);
    unforced.add(new Written(nextSequence++, position, kept));
    if (!unreadable.isEmpty()) {
      long first = (position + SECTOR_BYTES - 1) / SECTOR_BYTES;
      unreadable.subSet(first, Math.max(first, (position + length) / SECTOR_BYTES)).clear();
    }
  }

  /** The first sectors of a write that did not run to its end. */
  void writePart(long position, byte[] bytes, RandomGenerator random) {
    int sectors = bytes.length / SECTOR_BYTES;
    int kept = Math.min(bytes.length, random.nextInt(sectors + 1) * SECTOR_BYTES);
    write(position, bytes, kept);
  }

  void setSize(long bytes) {
    live.setSize(bytes);
    stranded.tailSet((bytes + PAGE_BYTES - 1) / PAGE_BYTES, true).clear();
    unforced.add(new Resized(nextSequence++, bytes));
  }

  /** A force that did what it should. */
  void force(long below) {
    while (!unforced.isEmpty() && unforced.peek().sequence() < below) {
      apply(unforced.poll());
    }
  }

  /** A force that failed: some changes reached the platter, the rest are forgotten as if clean. */
  void failForce(long below, RandomGenerator random) {
    Iterator<Change> changes = unforced.iterator();
    while (changes.hasNext()) {
      Change change = changes.next();
      if (change.sequence() >= below) {
        break;
      }
      if (random.nextInt(4) == 0) {
        apply(change);
      } else if (change instanceof Written written) {
        strand(written);
      }
      changes.remove();
    }
  }

  private void strand(Written written) {
    long end = written.position() + written.bytes().length;
    for (long page = written.position() / PAGE_BYTES; page * PAGE_BYTES < end; page++) {
      if (!durable.has(page)) {
        stranded.add(page);
      }
    }
  }

  private void apply(Change change) {
    switch (change) {
      case Written written -> applyPages(written);
      case Resized resized -> durable.setSize(resized.size());
    }
  }

  private void applyPages(Written written) {
    byte[] bytes = written.bytes();
    int done = 0;
    while (done < bytes.length) {
      long position = written.position() + done;
      int run = Math.min(PAGE_BYTES - (int) (position % PAGE_BYTES), bytes.length - done);
      if (!stranded.contains(position / PAGE_BYTES)) {
        durable.write(position, bytes, done, run);
      }
      done += run;
    }
    durable.setSize(Math.max(durable.size(), written.position() + bytes.length));
  }

  /** Drops the clean pages: from now on reads show what the platter holds. */
  void dropCache() {
    live = durable.copy();
    for (Change change : unforced) {
      switch (change) {
        case Written written ->
            live.write(written.position(), written.bytes(), 0, written.bytes().length);
        case Resized resized -> live.setSize(resized.size());
      }
    }
    stranded.clear();
  }

  void losePower(RandomGenerator random) {
    long lastSize = limit(random);
    Map<Long, Long> lastOfSector = new HashMap<>();
    long size = durable.size();
    for (Change change : unforced) {
      boolean sized = change.sequence() < lastSize;
      switch (change) {
        case Resized resized -> {
          if (sized) {
            durable.setSize(resized.size());
            size = resized.size();
          }
        }
        case Written written -> {
          writeSectors(written, lastOfSector, random);
          if (sized) {
            size = Math.max(size, written.position() + written.bytes().length);
          }
        }
      }
    }
    durable.setSize(size);
    unforced.clear();
    stranded.clear();
    live = durable.copy();
  }

  private void writeSectors(Written written, Map<Long, Long> limits, RandomGenerator random) {
    byte[] bytes = written.bytes();
    int done = 0;
    while (done < bytes.length) {
      long position = written.position() + done;
      int run = Math.min(SECTOR_BYTES - (int) (position % SECTOR_BYTES), bytes.length - done);
      long last = limits.computeIfAbsent(position / SECTOR_BYTES, sector -> limit(random));
      if (written.sequence() < last && !stranded.contains(position / PAGE_BYTES)) {
        durable.write(position, bytes, done, run);
      }
      done += run;
    }
  }

  /** None, all, or some of the unforced changes. */
  private long limit(RandomGenerator random) {
    return switch (random.nextInt(3)) {
      case 0 -> Long.MIN_VALUE;
      case 1 -> Long.MAX_VALUE;
      default ->
          unforced.isEmpty()
              ? Long.MAX_VALUE
              : random.nextLong(unforced.peek().sequence(), nextSequence + 1);
    };
  }

  /** Changes the stored bytes behind everyone's back. */
  void rot(long position, byte[] bytes) {
    if (position + bytes.length > live.size()) {
      throw new IllegalArgumentException("the file ends at " + live.size());
    }
    live.write(position, bytes, 0, bytes.length);
    long stored = Math.clamp(durable.size() - position, 0, (long) bytes.length);
    durable.write(position, bytes, 0, (int) stored);
  }

  void makeUnreadable(long position, long length) {
    for (long sector = position / SECTOR_BYTES;
        sector * SECTOR_BYTES < position + length;
        sector++) {
      unreadable.add(sector);
    }
  }

  boolean readable(long position, long length) {
    Long sector = unreadable.ceiling(position / SECTOR_BYTES);
    return sector == null || sector * SECTOR_BYTES >= position + length;
  }
}

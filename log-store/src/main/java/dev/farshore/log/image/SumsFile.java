package dev.farshore.log.image;

import dev.farshore.log.disk.AllOf;
import dev.farshore.log.disk.Awaited;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskFile;
import dev.farshore.log.disk.Room;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The sums of one image, in pages that are read when they are needed and held while they are used.
 * Changes stay in memory until {@link #flush}. Owned by the group's thread.
 */
public final class SumsFile {
  private static final int SCAN_BYTES = 1 << 20;
  private static final int FLUSH_PAGES = 64;

  private final DiskFile file;
  private final SumsCache cache;
  private final AllocationMap allocation = new AllocationMap();
  private final Map<Long, SumsPage> pages = new HashMap<>();
  private final TreeMap<Long, SumsPage> changed = new TreeMap<>();
  private boolean flushing;

  SumsFile(DiskFile file, SumsCache cache) {
    this.file = file;
    this.cache = cache;
  }

  /** First block of the page behind that of {@code block}. */
  public static long nextPage(long block) {
    return (pageOf(block) + 1) * SumsPage.SUMS;
  }

  /** First block of the page of {@code block}. */
  public static long pageStart(long block) {
    return pageOf(block) * SumsPage.SUMS;
  }

  /** Whether a page begins with this block. */
  public static boolean startsPage(long block) {
    return block % SumsPage.SUMS == 0;
  }

  static long pageOf(long block) {
    return block / SumsPage.SUMS;
  }

  private static long bytesFor(long blocks) {
    return (blocks + SumsPage.SUMS - 1) / SumsPage.SUMS * SumsPage.BYTES;
  }

  /** Whether the file is long enough for so many blocks. */
  boolean covers(long blocks) throws IOException {
    return file.size() >= bytesFor(blocks);
  }

  /** Before it is scanned: the sums of blocks from {@code block} on are those of holes. */
  void discardFrom(long block, long blocks) throws IOException {
    file.setSize(block * Integer.BYTES);
    file.setSize(bytesFor(blocks));
  }

  /** Learns from the whole file which blocks hold data. Blocks: 1 GiB to read per TiB of image. */
  void scan(Disk disk, long blocks) throws IOException {
    allocation.resize(blocks);
    ByteBuffer bytes =
        littleEndian(ByteBuffer.allocate((int) Math.min(SCAN_BYTES, bytesFor(blocks))));
    for (long block = 0; block < blocks; ) {
      int count = (int) Math.min(bytes.capacity() / Integer.BYTES, blocks - block);
      Awaited read = new Awaited();
      file.read(block * Integer.BYTES, bytes.slice(0, count * Integer.BYTES), read);
      read.join(disk);
      int run = 0;
      for (int i = 0; i < count; i++) {
        if (bytes.getInt(i * Integer.BYTES) == BlockSum.HOLE) {
          allocation.set(block + run, block + i, true);
          run = i + 1;
        }
      }
      allocation.set(block + run, block + count, true);
      block += count;
    }
  }

  /** Sets the number of blocks; those that are cut off must be holes. */
  void resize(long blocks) throws IOException {
    file.setSize(bytesFor(blocks));
    allocation.resize(blocks);
    pages.values().stream()
        .filter(page -> page.index * SumsPage.SUMS >= blocks && page.holds == 0)
        .toList()
        .forEach(
            page -> {
              cache.remove(page);
              forget(page);
            });
  }

  /** Whether a block holds data. */
  boolean isData(long block) {
    return allocation.isData(block);
  }

  /** End of the run of data or of holes that begins at {@code block}, at most {@code endBlock}. */
  long runEnd(long block, long endBlock) {
    return allocation.runEnd(block, endBlock);
  }

  /**
   * Brings the pages of some blocks into memory and holds them there until {@link #release}; if
   * that fails, none is held.
   */
  public void hold(long firstBlock, long endBlock, Completion completion) {
    AllOf all =
        new AllOf(
            new Completion() {
              @Override
              public void done() {
                completion.done();
              }

              @Override
              public void failed(IOException cause) {
                release(firstBlock, endBlock);
                completion.failed(cause);
              }
            });
    for (long index = pageOf(firstBlock); index <= pageOf(endBlock - 1); index++) {
      SumsPage page = held(index);
      if (page.waiting != null) {
        page.waiting.add(all.one());
        if (page.waiting.size() == 1) {
          load(page);
        }
      }
    }
    all.submitted();
  }

  /** Holds the page that begins with {@code firstBlock}, every sum of which will be set. */
  public void holdUnread(long firstBlock) {
    SumsPage page = held(pageOf(firstBlock));
    if (page.waiting != null) {
      if (!page.waiting.isEmpty()) {
        throw new IllegalStateException("sums that are to be replaced are being read");
      }
      page.waiting = null;
    }
  }

  public void release(long firstBlock, long endBlock) {
    for (long index = pageOf(firstBlock); index <= pageOf(endBlock - 1); index++) {
      release(pages.get(index));
    }
  }

  /** The sum of a block whose page is held. */
  public int sum(long block) {
    return page(block).sums[(int) (block % SumsPage.SUMS)];
  }

  /** Changes the sum of a block whose page is held. */
  public void set(long block, int sum) {
    SumsPage page = page(block);
    page.sums[(int) (block % SumsPage.SUMS)] = sum;
    allocation.set(block, block + 1, sum != BlockSum.HOLE);
    if (changed.put(page.index, page) == null) {
      page.holds++;
    }
  }

  /**
   * Writes the sums of blocks that are holes, changed or not.
   *
   * @param firstBlock where a page begins
   * @param endBlock where one ends; no block of them holds data
   */
  public void rewriteHoles(long firstBlock, long endBlock, Completion completion) {
    long first = pageOf(firstBlock) * SumsPage.BYTES;
    file.clear(first, pageOf(endBlock) * SumsPage.BYTES - first, Room.GIVE_UP, completion);
  }

  /** Pages that a flush would write. */
  public int changedPages() {
    return changed.size();
  }

  /**
   * Writes what was changed. A page that is changed again meanwhile is written by the next flush.
   *
   * @throws IllegalStateException if a flush is under way
   */
  public void flush(Completion completion) {
    if (flushing) {
      throw new IllegalStateException(file.name() + ": a flush is under way");
    }
    flushing = true;
    List<SumsPage> written = new ArrayList<>(changed.values());
    changed.clear();
    AllOf all =
        new AllOf(
            new Completion() {
              @Override
              public void done() {
                flushing = false;
                written.forEach(SumsFile.this::release);
                completion.done();
              }

              @Override
              public void failed(IOException cause) {
                flushing = false;
                written.forEach(SumsFile.this::changedStill);
                completion.failed(cause);
              }
            });
    for (int from = 0; from < written.size(); ) {
      int to = from + 1;
      while (to < written.size()
          && to - from < FLUSH_PAGES
          && written.get(to).index == written.get(from).index + (to - from)) {
        to++;
      }
      write(written.subList(from, to), all.one());
      from = to;
    }
    all.submitted();
  }

  private void changedStill(SumsPage page) {
    if (changed.putIfAbsent(page.index, page) != null) {
      release(page);
    }
  }

  /** Makes what was flushed durable. */
  public void force(Completion completion) {
    file.force(completion);
  }

  void close() throws IOException {
    for (SumsPage page : pages.values()) {
      if (page.holds == 0) {
        cache.remove(page);
      }
    }
    pages.clear();
    file.close();
  }

  /** The cache lets go of a page that nobody holds. */
  void forget(SumsPage page) {
    pages.remove(page.index);
  }

  private void write(List<SumsPage> run, Completion completion) {
    ByteBuffer bytes = littleEndian(ByteBuffer.allocate(run.size() * SumsPage.BYTES));
    for (SumsPage page : run) {
      bytes.asIntBuffer().put(page.sums);
      bytes.position(bytes.position() + SumsPage.BYTES);
    }
    file.write(run.get(0).index * SumsPage.BYTES, bytes.flip(), completion);
  }

  private static ByteBuffer littleEndian(ByteBuffer buffer) {
    return buffer.order(ByteOrder.LITTLE_ENDIAN);
  }

  private SumsPage held(long index) {
    SumsPage page = pages.get(index);
    if (page == null) {
      page = new SumsPage(this, index);
      pages.put(index, page);
    } else if (page.holds == 0) {
      cache.remove(page);
    }
    page.holds++;
    return page;
  }

  private void release(SumsPage page) {
    if (--page.holds > 0) {
      return;
    }
    if (page.waiting == null) {
      cache.add(page);
    } else {
      forget(page);
    }
  }

  private SumsPage page(long block) {
    SumsPage page = pages.get(pageOf(block));
    if (page == null || page.holds == 0 || page.waiting != null) {
      throw new IllegalStateException("the sum of block " + block + " is not held");
    }
    return page;
  }

  private void load(SumsPage page) {
    ByteBuffer bytes = littleEndian(ByteBuffer.allocate(SumsPage.BYTES));
    file.read(
        page.index * SumsPage.BYTES,
        bytes,
        new Completion() {
          @Override
          public void done() {
            bytes.asIntBuffer().get(page.sums);
            List<Completion> waiting = page.waiting;
            page.waiting = null;
            waiting.forEach(Completion::done);
          }

          @Override
          public void failed(IOException cause) {
            List<Completion> waiting = page.waiting;
            page.waiting = new ArrayList<>();
            waiting.forEach(waiter -> waiter.failed(cause));
          }
        });
  }
}

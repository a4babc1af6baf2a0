package dev.farshore.log.disk;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * The contents of a simulated file: pages of 4 KiB, of which those never written read as zeros and
 * take no room. Pages that were written with zeros share one array.
 */
final class SparseBytes {

  static final int PAGE_BYTES = 4096;
  private static final byte[] ZERO_PAGE = new byte[PAGE_BYTES];

  private static final int CHUNK_PAGES = 256;
  private static final byte[][] NO_CHUNK = new byte[CHUNK_PAGES][];

  /** Pages by chunks of them, which are never iterated in an order that matters. */
  private final Map<Long, byte[][]> chunks = new HashMap<>();

  /** The chunk that was looked up last, for most look-ups are near the one before. */
  private long lastNumber = -1;

  private byte[][] lastChunk = NO_CHUNK;
  private long pages;
  private long size;

  long size() {
    return size;
  }

  /** Bytes that take room. */
  long occupied() {
    return pages * PAGE_BYTES;
  }

  /** Whether anything was ever written to a page. */
  boolean has(long page) {
    return page(page) != null;
  }

  /** How much of a write, from its start, takes no more than {@code room} pages that it lacks. */
  int fitting(long position, int length, long room) {
    long missing = 0;
    for (long page = position / PAGE_BYTES; page * PAGE_BYTES < position + length; page++) {
      if (page(page) == null && ++missing > room) {
        return (int) Math.max(0, page * PAGE_BYTES - position);
      }
    }
    return length;
  }

  void setSize(long bytes) {
    if (bytes < size) {
      long firstGone = (bytes + PAGE_BYTES - 1) / PAGE_BYTES;
      removeFrom(firstGone);
      int kept = (int) (bytes % PAGE_BYTES);
      if (kept != 0) {
        zero(bytes, PAGE_BYTES - kept);
      }
    }
    size = bytes;
  }

  /** Null if nothing was ever written to it. */
  private byte[] page(long number) {
    return chunk(number / CHUNK_PAGES)[(int) (number % CHUNK_PAGES)];
  }

  private byte[][] chunk(long number) {
    if (number != lastNumber) {
      lastNumber = number;
      lastChunk = chunks.getOrDefault(number, NO_CHUNK);
    }
    return lastChunk;
  }

  private void put(long number, byte[] page) {
    byte[][] chunk = chunk(number / CHUNK_PAGES);
    if (chunk == NO_CHUNK) {
      chunk = new byte[CHUNK_PAGES][];
      chunks.put(lastNumber, chunk);
      lastChunk = chunk;
    }
    int at = (int) (number % CHUNK_PAGES);
    pages += chunk[at] == null ? 1 : 0;
    chunk[at] = page;
  }

  private void removeFrom(long firstGone) {
    lastNumber = -1;
    for (Iterator<Map.Entry<Long, byte[][]>> each = chunks.entrySet().iterator();
        each.hasNext(); ) {
      Map.Entry<Long, byte[][]> entry = each.next();
      byte[][] chunk = entry.getValue();
      long kept = firstGone - entry.getKey() * CHUNK_PAGES;
      for (int i = (int) Math.clamp(kept, 0, (long) CHUNK_PAGES); i < CHUNK_PAGES; i++) {
        pages -= chunk[i] == null ? 0 : 1;
        chunk[i] = null;
      }
      if (kept <= 0) {
        each.remove();
      }
    }
  }

  private void zero(long position, int length) {
    byte[] page = page(position / PAGE_BYTES);
    if (page != null && page != ZERO_PAGE) {
      int from = (int) (position % PAGE_BYTES);
      Arrays.fill(page, from, from + length, (byte) 0);
    }
  }

  void read(long position, byte[] target, int offset, int length) {
    int done = 0;
    while (done < length) {
      int inPage = (int) ((position + done) % PAGE_BYTES);
      int run = Math.min(PAGE_BYTES - inPage, length - done);
      byte[] page = page((position + done) / PAGE_BYTES);
      System.arraycopy(page == null ? ZERO_PAGE : page, inPage, target, offset + done, run);
      done += run;
    }
  }

  void write(long position, byte[] source, int offset, int length) {
    int done = 0;
    while (done < length) {
      int inPage = (int) ((position + done) % PAGE_BYTES);
      int run = Math.min(PAGE_BYTES - inPage, length - done);
      writeInPage((position + done) / PAGE_BYTES, inPage, source, offset + done, run);
      done += run;
    }
    size = Math.max(size, position + length);
  }

  private void writeInPage(long number, int inPage, byte[] source, int offset, int length) {
    byte[] page = page(number);
    if (page == null || page == ZERO_PAGE) {
      if (Arrays.equals(ZERO_PAGE, 0, length, source, offset, offset + length)) {
        put(number, ZERO_PAGE);
        return;
      }
      page = new byte[PAGE_BYTES];
      put(number, page);
    }
    System.arraycopy(source, offset, page, inPage, length);
  }

  SparseBytes copy() {
    SparseBytes copy = new SparseBytes();
    chunks.forEach(
        (number, chunk) -> {
          byte[][] same = chunk.clone();
          for (int i = 0; i < same.length; i++) {
            same[i] = same[i] == null || same[i] == ZERO_PAGE ? same[i] : same[i].clone();
          }
          copy.chunks.put(number, same);
        });
    copy.pages = pages;
    copy.size = size;
    return copy;
  }

  byte[] toByteArray() {
    byte[] all = new byte[Math.toIntExact(size)];
    read(0, all, 0, all.length);
    return all;
  }
}

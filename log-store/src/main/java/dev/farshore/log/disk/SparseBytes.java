package dev.farshore.log.disk;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * The contents of a simulated file: pages of 4 KiB, of which those never written read as zeros and
 * take no room. Pages that were written with zeros share one array.
 */
final class SparseBytes {

  static final int PAGE_BYTES = 4096;
  private static final byte[] ZERO_PAGE = new byte[PAGE_BYTES];

  /** Looked up by page number only, never iterated in an order that matters. */
  private final Map<Long, byte[]> pages = new HashMap<>();

  private long size;

  long size() {
    return size;
  }

  /** Bytes that take room. */
  long occupied() {
    return (long) pages.size() * PAGE_BYTES;
  }

  /** Whether anything was ever written to a page. */
  boolean has(long page) {
    return pages.containsKey(page);
  }

  /** How much of a write, from its start, takes no more than {@code room} pages that it lacks. */
  int fitting(long position, int length, long room) {
    long missing = 0;
    for (long page = position / PAGE_BYTES; page * PAGE_BYTES < position + length; page++) {
      if (!pages.containsKey(page) && ++missing > room) {
        return (int) Math.max(0, page * PAGE_BYTES - position);
      }
    }
    return length;
  }

  void setSize(long bytes) {
    if (bytes < size) {
      long firstGone = (bytes + PAGE_BYTES - 1) / PAGE_BYTES;
      pages.keySet().removeIf(page -> page >= firstGone);
      int kept = (int) (bytes % PAGE_BYTES);
      if (kept != 0) {
        zero(bytes, PAGE_BYTES - kept);
      }
    }
    size = bytes;
  }

  private void zero(long position, int length) {
    byte[] page = pages.get(position / PAGE_BYTES);
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
      byte[] page = pages.getOrDefault((position + done) / PAGE_BYTES, ZERO_PAGE);
      System.arraycopy(page, inPage, target, offset + done, run);
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
    byte[] page = pages.get(number);
    if (page == null || page == ZERO_PAGE) {
      if (Arrays.equals(ZERO_PAGE, 0, length, source, offset, offset + length)) {
        pages.put(number, ZERO_PAGE);
        return;
      }
      page = new byte[PAGE_BYTES];
      pages.put(number, page);
    }
    System.arraycopy(source, offset, page, inPage, length);
  }

  SparseBytes copy() {
    SparseBytes copy = new SparseBytes();
    pages.forEach(
        (number, page) -> copy.pages.put(number, page == ZERO_PAGE ? page : page.clone()));
    copy.size = size;
    return copy;
  }

  byte[] toByteArray() {
    byte[] all = new byte[Math.toIntExact(size)];
    read(0, all, 0, all.length);
    return all;
  }
}

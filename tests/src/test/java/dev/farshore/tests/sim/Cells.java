package dev.farshore.tests.sim;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The content of volumes in the simulation: cells of a fixed size, each either zeros or the pattern
 * of the write that filled it. A cell says which write that was, and every other byte of it follows
 * from the write and the place.
 *
 * @param bytes size of a cell, 16 or more; need not divide any size of the product
 */
record Cells(int bytes) {

  /** What a cell holds that nobody wrote, or that was zeroed. */
  static final long ZEROS = 0;

  /**
   * Fills a buffer, from its position to its limit, with the cells that {@code write} puts there.
   *
   * @param write not 0
   * @param firstCell number of the first cell in its volume
   */
  void fill(ByteBuffer target, long write, long firstCell) {
    int cells = target.remaining() / bytes;
    ByteBuffer out = target.slice().order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < cells; i++) {
      fillOne(out, i * bytes, write, firstCell + i);
    }
  }

  private void fillOne(ByteBuffer out, int at, long write, long cell) {
    out.putLong(at, write);
    long word = Trace.mix(write ^ (cell << 32));
    int done = Long.BYTES;
    for (; done + Long.BYTES <= bytes; done += Long.BYTES) {
      out.putLong(at + done, word);
      word += 0x9e3779b97f4a7c15L;
    }
    for (; done < bytes; done++) {
      out.put(at + done, (byte) word);
    }
  }

  /**
   * What one cell of a buffer holds.
   *
   * @return the write, {@link #ZEROS}, or -1 if it is neither zeros nor the pattern of any write
   */
  long valueAt(ByteBuffer source, int index, long cell) {
    ByteBuffer in = source.slice(index, bytes).order(ByteOrder.LITTLE_ENDIAN);
    long write = in.getLong(0);
    ByteBuffer expected = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (write != ZEROS) {
      fillOne(expected, 0, write, cell);
    }
    return in.equals(expected) ? write : -1;
  }
}

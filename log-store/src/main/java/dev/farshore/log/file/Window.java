package dev.farshore.log.file;

import dev.farshore.log.LogCursor;
import java.nio.ByteBuffer;

/**
 * A stretch of a segment file, in memory: where batches are laid out before they are written, and
 * read from for a while afterwards. Owned by the log's thread.
 *
 * <pre>
 *   0 ........ submitted ........ closed ........ used ...... capacity
 *   | with disk |  to be written  |  open batch  |   room    |
 * </pre>
 */
final class Window extends InUse implements LogCursor.Hold {

  private final Segment segment;
  private final int fileStart;
  private final ByteBuffer bytes;
  private long firstLsn = Long.MAX_VALUE;
  private long lastLsn;
  private int used;
  private int closed;
  private int submitted;
  private long closedLsn;
  private long closedAppendEnd;
  private long closedEncodedBytes;

  /**
   * @param fileStart offset in the segment's file of the first byte of this window
   * @param bytes little-endian
   */
  Window(Segment segment, int fileStart, ByteBuffer bytes) {
    this.segment = segment;
    this.fileStart = fileStart;
    this.bytes = bytes;
  }

  Segment segment() {
    return segment;
  }

  ByteBuffer bytes() {
    return bytes;
  }

  int fileOffset(int position) {
    return fileStart + position;
  }

  int positionOf(int fileOffset) {
    return fileOffset - fileStart;
  }

  int used() {
    return used;
  }

  int room() {
    return bytes.capacity() - used;
  }

  void useTo(int position) {
    used = position;
  }

  void holds(long lsn) {
    firstLsn = Math.min(firstLsn, lsn);
    lastLsn = lsn;
  }

  boolean has(long lsn) {
    return lsn >= firstLsn && lsn <= lastLsn;
  }

  /**
   * Ends the open batch: everything used may be written.
   *
   * @param lsn last record so far
   * @param appendEnd last record so far that ends an append
   * @param encodedBytes of all records that were staged so far
   */
  void close(long lsn, long appendEnd, long encodedBytes) {
    closed = used;
    closedLsn = lsn;
    closedAppendEnd = appendEnd;
    closedEncodedBytes = encodedBytes;
  }

  /** LSN of the last record that may be written. */
  long closedLsn() {
    return closedLsn;
  }

  long closedAppendEnd() {
    return closedAppendEnd;
  }

  long closedEncodedBytes() {
    return closedEncodedBytes;
  }

  boolean isAllSubmitted() {
    return submitted == closed;
  }

  /** Leaves out the bytes up to {@code position}, which need not be written. */
  void skipTo(int position) {
    submitted = position;
    closed = position;
    used = position;
  }

  int submitted() {
    return submitted;
  }

  /** The bytes to be written next; they count as submitted from now on. */
  ByteBuffer takeUnwritten() {
    ByteBuffer slice = bytes.slice(submitted, closed - submitted);
    submitted = closed;
    return slice;
  }

  /**
   * After a write that found no room: the bytes from {@code position} on are to be written again.
   */
  void unsubmit(int position) {
    submitted = position;
  }

  @Override
  public String toString() {
    return "the window at " + fileStart + " of " + segment;
  }
}

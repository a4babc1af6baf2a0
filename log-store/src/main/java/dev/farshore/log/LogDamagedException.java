package dev.farshore.log;

import java.io.IOException;

/**
 * Bytes of a log on disk are not what was written. Never thrown for the torn end of a log that had
 * not been forced: that is expected after a power cut, and recovery reports it.
 */
public final class LogDamagedException extends IOException {
  private static final long serialVersionUID = 1L;

  private final long segment;
  private final long offset;
  private final long lsn;

  /**
   * @param segment number of the segment file
   * @param offset byte offset in it
   * @param lsn LSN of the damaged record, as far as it is known, else 0
   */
  public LogDamagedException(long segment, long offset, long lsn, String reason) {
    super("segment " + segment + ", offset " + offset + ", lsn " + lsn + ": " + reason);
    this.segment = segment;
    this.offset = offset;
    this.lsn = lsn;
  }

  public long segment() {
    return segment;
  }

  public long offset() {
    return offset;
  }

  public long lsn() {
    return lsn;
  }
}

package dev.farshore.log.file;

/**
 * A part of the log that must stay where it is while somebody looks into it: counts those who do.
 * Owned by the log's thread.
 */
abstract sealed class InUse permits Segment, Window {
  private int users;

  /**
   * Reads and writes under way, and cursors that stand here; as long as there are any, it stays.
   */
  final int users() {
    return users;
  }

  final void use() {
    users++;
  }

  public final void release() {
    if (--users < 0) {
      throw new IllegalStateException(this + " was released too often");
    }
  }
}

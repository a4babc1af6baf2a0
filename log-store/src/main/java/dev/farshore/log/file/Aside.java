package dev.farshore.log.file;

import dev.farshore.log.disk.Disk;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;

/**
 * Keeps the tail of a log that is about to be cut off, as a log of its own under another name, in
 * which it can be opened and read.
 */
final class Aside {

  private Aside() {}

  /**
   * Copies what is behind {@code start}, up to the record {@code last}, durably. If there is a log
   * of the name wanted already, the name gets a number behind it. Blocks.
   */
  static void keep(
      Disk disk,
      LogSettings wanted,
      long entropy,
      RecordFinder source,
      LogPosition start,
      long last)
      throws IOException {
    LogSettings settings = wanted;
    for (int i = 2; FileSegmentLog.exists(disk, settings.name()); i++) {
      settings = wanted.named(wanted.name() + "~" + i);
    }
    SegmentSupply supply = new SegmentSupply(disk, settings, ~entropy, 1, 0);
    SegmentList segments = new SegmentList();
    Tail tail = Tail.begin(supply, segments, start, 0);
    RecordCopy.into(tail, source, start.lsn() + 1, last);
    tail.commit();
    tail.markClean();
    tail.settle();
    segments.newest().close();
  }
}

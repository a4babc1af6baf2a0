package dev.farshore.log.chronicle;

import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * Makes the next generation of a log: whole segments are shared with the current one by a second
 * link, the others are copied up to the new end. When this returns, the new generation is durable
 * and is the log.
 */
final class Redraft {

  private final Home home;
  private final long group;
  private final Runnable wake;

  Redraft(Home home, long group, Runnable wake) {
    this.home = home;
    this.group = group;
    this.wake = wake;
  }

  /**
   * @param source stays open; its files are to be swept when it is closed
   * @param number of the new generation
   * @param linked segments to share, all forced
   * @param copied segments behind those, to be copied as far as they reach back from {@code end}
   * @param end end of an append
   */
  Generation run(
      Generation source, int number, List<Segment> linked, List<Segment> copied, LogPosition end)
      throws IOException {
    Path draft = home.draft(number);
    source.link(linked, draft);
    List<Segment> made;
    try (Generation target = new Generation(group, draft, wake)) {
      target.adopt(linked);
      for (Segment segment : copied) {
        copy(source, segment, end.lsn(), target);
      }
      target.forceNow();
      Home.force(draft);
      made = target.segments();
    }
    Generation committed = new Generation(group, home.commit(number), wake);
    committed.adopt(made);
    if (!copied.isEmpty()) {
      committed.resume();
    }
    return committed;
  }

  private static void copy(Generation source, Segment segment, long end, Generation target)
      throws IOException {
    target.begin(segment.cycle(), segment.start(), segment.bytesBefore(), segment.start().lsn());
    RecordView view = new RecordView();
    for (long lsn = segment.start().lsn() + 1; lsn <= Math.min(end, segment.last()); lsn++) {
      ByteBuffer record = source.record(lsn, view);
      if (!view.verifyPayload()) {
        throw source.damaged(lsn, "the payload is not what was written");
      }
      long synced = segment.start().lsn();
      target.append(record.remaining(), synced, place -> place.put(record));
    }
  }
}

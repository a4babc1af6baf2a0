package dev.farshore.log.group;

import dev.farshore.log.LogCursor;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** Applies the records that are not in the images to the volumes, when a log has been opened. */
final class TailReplay {
  private final Disk disk;
  private final SegmentLog log;
  private final long nowNanos;

  TailReplay(Disk disk, SegmentLog log, long nowNanos) {
    this.disk = disk;
    this.log = log;
    this.nowNanos = nowNanos;
  }

  /**
   * Applies every record after {@code lsn}, also those that are only staged. Blocks.
   *
   * @return their encoded size in bytes
   */
  long into(VolumeTable volumes, long lsn) throws IOException {
    long bytes = 0;
    ChangeCheck check = new ChangeCheck(volumes);
    RecordView view = new RecordView();
    try (LogCursor cursor = log.cursor(lsn + 1)) {
      while (cursor.lsn() <= log.last().lsn()) {
        ByteBuffer record = next(cursor);
        Change change = view.wrap(record).change();
        if (view.firstOfAppend()) {
          check = new ChangeCheck(volumes);
        }
        Optional<String> misfit = check.misfit(change);
        if (misfit.isPresent()) {
          throw new IOException(
              "record " + view.lsn() + " does not fit what is before it: " + misfit.get());
        }
        volumes.apply(view.lsn(), change);
        bytes += record.remaining();
      }
    }
    return bytes;
  }

  private ByteBuffer next(LogCursor cursor) throws IOException {
    Drive drive = new Drive(disk, () -> log.poll(nowNanos));
    ByteBuffer record = cursor.next();
    while (record == null) {
      drive.step();
      record = cursor.next();
    }
    return record;
  }
}

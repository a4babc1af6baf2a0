package dev.farshore.log.group;

import dev.farshore.log.LogCursor;
import dev.farshore.log.LogDamagedException;
import dev.farshore.log.RecoveryReport;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordEncoder;
import dev.farshore.log.record.RecordHead;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The plainest log there can be: one file, records one after the other, all of them in memory too.
 * It finds out whether a failure of the store is the store's own.
 */
final class PlainLog implements SegmentLog {
  private final Disk disk;
  private final PlainRecords records;
  private final RecordEncoder encoder = new RecordEncoder();
  private final NavigableSet<Long> writtenAhead = new TreeSet<>();
  private long wholeLsn;
  private long writtenLsn;
  private long writingLsn;
  private long forcedLsn;
  private boolean forceWanted;
  private boolean forcing;
  private long freeBelow;
  private IOException failure;

  private PlainLog(Disk disk, PlainRecords records) {
    this.disk = disk;
    this.records = records;
    writtenLsn = last().lsn();
    writingLsn = last().lsn();
    forcedLsn = last().lsn();
    wholeLsn = last().lsn();
  }

  static PlainLog create(Disk disk, String name, LogPosition start) throws IOException {
    return new PlainLog(disk, PlainRecords.create(disk, name, start));
  }

  static PlainLog open(Disk disk, String name) throws IOException {
    return new PlainLog(disk, PlainRecords.open(disk, name));
  }

  @Override
  public long append(List<Change> changes, Epoch epoch, long wallMillis) throws IOException {
    if (failure != null) {
      throw new IOException(failure);
    }
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      ByteBuffer record = ByteBuffer.allocate(RecordEncoder.encodedBytes(change));
      RecordHead head =
          new RecordHead(7, last().lsn() + 1, epoch, wallMillis, i == 0, i == changes.size() - 1);
      var chain = encoder.encode(head, change, last().chain(), record);
      records.add(record.array(), new LogPosition(last().lsn() + 1, epoch, chain));
    }
    wholeLsn = last().lsn();
    return last().lsn();
  }

  @Override
  public ReplicaOutcome appendReplica(ByteBuffer record) {
    if (failure != null) {
      return ReplicaOutcome.FAILED;
    }
    RecordView view = new RecordView().wrap(record);
    if (!view.verifyHeader() || !view.verifyPayload()) {
      return ReplicaOutcome.CORRUPT;
    }
    if (view.lsn() <= last().lsn()) {
      return ReplicaOutcome.DUPLICATE;
    }
    if (view.lsn() > last().lsn() + 1) {
      return ReplicaOutcome.GAP;
    }
    if (!view.chainAfter(last().chain()).equals(view.chain())) {
      return ReplicaOutcome.DIVERGED;
    }
    byte[] copy = new byte[record.remaining()];
    record.get(record.position(), copy);
    records.add(copy, view.end());
    if (view.lastOfAppend()) {
      wholeLsn = last().lsn();
    }
    return ReplicaOutcome.APPENDED;
  }

  @Override
  public boolean poll(long nowNanos) {
    if (failure != null) {
      return false;
    }
    while (writingLsn < last().lsn()) {
      long lsn = ++writingLsn;
      records.write(
          lsn,
          new Completion() {
            @Override
            public void done() {
              if (failure == null) {
                written(lsn);
              }
            }

            @Override
            public void failed(IOException cause) {
              failure = cause;
            }
          });
    }
    startForce();
    return false;
  }

  private void written(long lsn) {
    writtenAhead.add(lsn);
    while (writtenAhead.contains(writtenLsn + 1)) {
      writtenAhead.remove(++writtenLsn);
    }
    startForce();
  }

  private void startForce() {
    if (!forceWanted || forcing || failure != null || appended() <= forcedLsn) {
      return;
    }
    forceWanted = false;
    forcing = true;
    long lsn = appended();
    records.force(
        new Completion() {
          @Override
          public void done() {
            forcing = false;
            if (failure == null) {
              forcedLsn = Math.max(forcedLsn, lsn);
            }
            startForce();
          }

          @Override
          public void failed(IOException cause) {
            forcing = false;
            failure = cause;
          }
        });
  }

  @Override
  public long nextDeadlineNanos() {
    return Long.MAX_VALUE;
  }

  @Override
  public void requestForce() {
    forceWanted = true;
  }

  @Override
  public LogPosition last() {
    return records.last();
  }

  @Override
  public long appended() {
    return records.appendEnd(writtenLsn);
  }

  @Override
  public long forced() {
    return forcedLsn;
  }

  @Override
  public long first() {
    return Math.max(records.start().lsn() + 1, Math.min(freeBelow, last().lsn() + 1));
  }

  @Override
  public Optional<LogPosition> positionAt(long lsn) {
    if (lsn < first() - 1 || lsn > appended()) {
      return Optional.empty();
    }
    return Optional.of(records.positionAt(lsn));
  }

  @Override
  public void read(
      long lsn, int volume, int payloadOffset, ByteBuffer target, Completion completion) {
    if (lsn < first() || lsn > last().lsn()) {
      completion.failed(new LogDamagedException(0, 0, lsn, "not here"));
      return;
    }
    RecordView view = records.view(lsn);
    if (view.volume() != volume) {
      completion.failed(new LogDamagedException(0, 0, lsn, "of another volume"));
      return;
    }
    target.put(target.position(), view.payload(), payloadOffset, target.remaining());
    completion.done();
  }

  @Override
  public LogCursor cursor(long fromLsn) {
    return new LogCursor() {
      private long next = fromLsn;

      @Override
      public long lsn() {
        return next;
      }

      @Override
      public ByteBuffer next() {
        if (next > appended()) {
          return null;
        }
        if (next < first()) {
          throw new IllegalStateException("freed");
        }
        return records.bytes(next++);
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public void free(long lsn) {
    freeBelow = Math.max(freeBelow, Math.min(lsn, forcedLsn + 1));
  }

  @Override
  public long retainedBytes() {
    return records.end();
  }

  @Override
  public long stagedBytes() {
    return 0;
  }

  @Override
  public long encodedBytes() {
    return records.addedBytes();
  }

  @Override
  public LogPosition cut(long lsn, String asideName) throws IOException {
    while (failure == null && (writtenLsn < last().lsn() || forcing)) {
      poll(0);
      disk.await();
    }
    if (failure != null) {
      throw new IOException(failure);
    }
    long to = records.appendEnd(Math.min(lsn, wholeLsn));
    records.truncate(to);
    writtenLsn = writingLsn = forcedLsn = wholeLsn = to;
    return last();
  }

  @Override
  public Optional<IOException> failure() {
    return Optional.ofNullable(failure);
  }

  @Override
  public void poison(IOException cause) {
    failure = failure == null ? cause : failure;
  }

  @Override
  public RecoveryReport recovery() {
    return new RecoveryReport(last(), forcedLsn, 0, 0, 0, false);
  }

  @Override
  public void close() throws IOException {
    if (failure != null) {
      records.close();
      throw new IOException(failure);
    }
    poll(0);
    while (writtenLsn < last().lsn() && failure == null) {
      disk.await();
    }
    records.force();
    records.close();
  }
}

package dev.farshore.log.group;

import dev.farshore.log.LogCursor;
import dev.farshore.log.LogDamagedException;
import dev.farshore.log.RecoveryReport;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.disk.Awaited;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskFile;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordEncoder;
import dev.farshore.log.record.RecordHead;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The plainest log there can be: one file, records one after the other, all of them in memory too.
 * It finds out whether a failure of the store is the store's own.
 */
final class PlainLog implements SegmentLog {
  private static final int START = 64;

  private final Disk disk;
  private final DiskFile file;
  private final LogPosition start;
  private final List<byte[]> records = new ArrayList<>();
  private final List<Long> offsets = new ArrayList<>();
  private final RecordEncoder encoder = new RecordEncoder();
  private LogPosition last;
  private long wholeLsn;
  private long end;
  private long encodedBytes;
  private long writtenLsn;
  private long writingLsn;
  private long forcedLsn;
  private boolean forceWanted;
  private boolean forcing;
  private long freeBelow;
  private IOException failure;

  PlainLog(Disk disk, String name, LogPosition fresh) throws IOException {
    this.disk = disk;
    if (fresh != null) {
      file = disk.create(name + ".plain", Disk.Access.RANDOM);
      start = fresh;
      ByteBuffer head = ByteBuffer.allocate(START);
      head.putLong(fresh.lsn()).putInt(fresh.epoch().counter()).putInt(fresh.epoch().site());
      head.putInt(fresh.epoch().restart()).putLong(fresh.chain().high());
      head.putLong(fresh.chain().low());
      Awaited written = new Awaited();
      file.write(0, head.clear(), written);
      written.join(disk);
      force();
      disk.forceDirectory();
    } else {
      file = disk.open(name + ".plain", Disk.Access.RANDOM);
      ByteBuffer head = ByteBuffer.allocate(START);
      Awaited read = new Awaited();
      file.read(0, head.duplicate(), read);
      read.join(disk);
      start =
          new LogPosition(
              head.getLong(),
              new Epoch(head.getInt(), head.getInt(), head.getInt()),
              new dev.farshore.log.record.Chain(head.getLong(), head.getLong()));
    }
    last = start;
    end = START;
    if (fresh == null) {
      scan();
    }
    writtenLsn = last.lsn();
    writingLsn = last.lsn();
    forcedLsn = last.lsn();
    wholeLsn = last.lsn();
  }

  private void force() throws IOException {
    Awaited forced = new Awaited();
    file.force(forced);
    forced.join(disk);
  }

  private void scan() throws IOException {
    ByteBuffer all = ByteBuffer.allocate((int) file.size() - START);
    Awaited read = new Awaited();
    file.read(START, all.duplicate(), read);
    read.join(disk);
    RecordView view = new RecordView();
    int whole = 0;
    LogPosition wholeEnd = start;
    int at = 0;
    while (at < all.capacity()) {
      view.wrap(all.slice(at, all.capacity() - at));
      if (!view.verifyHeader()
          || view.lsn() != last.lsn() + 1
          || !view.verifyPayload()
          || !view.chainAfter(last.chain()).equals(view.chain())) {
        break;
      }
      byte[] record = new byte[view.encodedBytes()];
      all.get(at, record);
      add(record, view.end());
      at += record.length;
      if (view.lastOfAppend()) {
        whole = records.size();
        wholeEnd = last;
      }
    }
    truncate(whole, wholeEnd);
    encodedBytes = 0;
    // What the cache merely claims is written once more.
    for (int i = 0; i < records.size(); i++) {
      Awaited written = new Awaited();
      file.write(offsets.get(i), ByteBuffer.wrap(records.get(i)), written);
      written.join(disk);
    }
    force();
  }

  private void truncate(int count, LogPosition position) throws IOException {
    while (records.size() > count) {
      end = offsets.removeLast();
      records.removeLast();
    }
    last = position;
    file.setSize(end);
    force();
  }

  private void add(byte[] record, LogPosition after) {
    records.add(record);
    offsets.add(end);
    end += record.length;
    encodedBytes += record.length;
    last = after;
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
          new RecordHead(7, last.lsn() + 1, epoch, wallMillis, i == 0, i == changes.size() - 1);
      var chain = encoder.encode(head, change, last.chain(), record);
      add(record.array(), new LogPosition(last.lsn() + 1, epoch, chain));
    }
    wholeLsn = last.lsn();
    return last.lsn();
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
    if (view.lsn() <= last.lsn()) {
      return ReplicaOutcome.DUPLICATE;
    }
    if (view.lsn() > last.lsn() + 1) {
      return ReplicaOutcome.GAP;
    }
    if (!view.chainAfter(last.chain()).equals(view.chain())) {
      return ReplicaOutcome.DIVERGED;
    }
    byte[] copy = new byte[record.remaining()];
    record.get(record.position(), copy);
    add(copy, view.end());
    if (view.lastOfAppend()) {
      wholeLsn = last.lsn();
    }
    return ReplicaOutcome.APPENDED;
  }

  private int index(long lsn) {
    return (int) (lsn - start.lsn()) - 1;
  }

  @Override
  public boolean poll(long nowNanos) {
    if (failure != null) {
      return false;
    }
    while (writingLsn < last.lsn()) {
      long lsn = ++writingLsn;
      int i = index(lsn);
      file.write(
          offsets.get(i),
          ByteBuffer.wrap(records.get(i)),
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

  private final java.util.TreeSet<Long> writtenAhead = new java.util.TreeSet<>();

  private void written(long lsn) {
    writtenAhead.add(lsn);
    while (writtenAhead.contains(writtenLsn + 1)) {
      writtenAhead.remove(++writtenLsn);
    }
    startForce();
  }

  private long appendEnd(long lsn) {
    while (lsn > start.lsn() && !view(lsn).lastOfAppend()) {
      lsn--;
    }
    return lsn;
  }

  private RecordView view(long lsn) {
    return new RecordView().wrap(ByteBuffer.wrap(records.get(index(lsn))));
  }

  private void startForce() {
    if (!forceWanted || forcing || failure != null || appended() <= forcedLsn) {
      return;
    }
    forceWanted = false;
    forcing = true;
    long lsn = appended();
    file.force(
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
    return last;
  }

  @Override
  public long appended() {
    return appendEnd(writtenLsn);
  }

  @Override
  public long forced() {
    return forcedLsn;
  }

  @Override
  public long first() {
    return Math.max(start.lsn() + 1, Math.min(freeBelow, last.lsn() + 1));
  }

  @Override
  public Optional<LogPosition> positionAt(long lsn) {
    if (lsn < first() - 1 || lsn > appended()) {
      return Optional.empty();
    }
    return Optional.of(lsn == start.lsn() ? start : view(lsn).end());
  }

  @Override
  public void read(
      long lsn, int volume, int payloadOffset, ByteBuffer target, Completion completion) {
    if (lsn < first() || lsn > last.lsn()) {
      completion.failed(new LogDamagedException(0, 0, lsn, "not here"));
      return;
    }
    RecordView view = view(lsn);
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
        return ByteBuffer.wrap(records.get(index(next++)));
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
    return end;
  }

  @Override
  public long stagedBytes() {
    return 0;
  }

  @Override
  public long encodedBytes() {
    return encodedBytes;
  }

  @Override
  public LogPosition cut(long lsn, String asideName) throws IOException {
    while (failure == null && (writtenLsn < last.lsn() || forcing)) {
      poll(0);
      disk.await();
    }
    if (failure != null) {
      throw new IOException(failure);
    }
    long to = appendEnd(Math.min(lsn, wholeLsn));
    truncate(index(to) + 1, to == start.lsn() ? start : view(to).end());
    writtenLsn = writingLsn = forcedLsn = wholeLsn = to;
    return last;
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
    return new RecoveryReport(last, forcedLsn, 0, 0, 0, false);
  }

  @Override
  public void close() throws IOException {
    if (failure != null) {
      file.close();
      throw new IOException(failure);
    }
    poll(0);
    while (writtenLsn < last.lsn() && failure == null) {
      disk.await();
    }
    force();
    file.close();
  }
}

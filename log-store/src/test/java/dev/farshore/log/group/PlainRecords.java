package dev.farshore.log.group;

import dev.farshore.log.disk.Awaited;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskFile;
import dev.farshore.log.record.Chain;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The records of a {@link PlainLog}: one file of them, one after the other, and a copy in memory.
 */
final class PlainRecords {
  private static final int START = 64;

  private final Disk disk;
  private final DiskFile file;
  private final LogPosition start;
  private final List<byte[]> records = new ArrayList<>();
  private final List<Long> offsets = new ArrayList<>();
  private LogPosition last;
  private long end = START;
  private long addedBytes;

  private PlainRecords(Disk disk, DiskFile file, LogPosition start) {
    this.disk = disk;
    this.file = file;
    this.start = start;
    this.last = start;
  }

  static PlainRecords create(Disk disk, String name, LogPosition start) throws IOException {
    DiskFile file = disk.create(name + ".plain", Disk.Access.RANDOM);
    ByteBuffer head = ByteBuffer.allocate(START);
    head.putLong(start.lsn()).putInt(start.epoch().counter()).putInt(start.epoch().site());
    head.putInt(start.epoch().restart()).putLong(start.chain().high());
    head.putLong(start.chain().low());
    PlainRecords created = new PlainRecords(disk, file, start);
    created.write(0, head.clear());
    created.force();
    disk.forceDirectory();
    return created;
  }

  static PlainRecords open(Disk disk, String name) throws IOException {
    DiskFile file = disk.open(name + ".plain", Disk.Access.RANDOM);
    file.distrustCache();
    ByteBuffer head = ByteBuffer.allocate(START);
    Awaited read = new Awaited();
    file.read(0, head.duplicate(), read);
    read.join(disk);
    LogPosition start =
        new LogPosition(
            head.getLong(),
            new Epoch(head.getInt(), head.getInt(), head.getInt()),
            new Chain(head.getLong(), head.getLong()));
    PlainRecords opened = new PlainRecords(disk, file, start);
    opened.scan();
    return opened;
  }

  private void scan() throws IOException {
    ByteBuffer all = ByteBuffer.allocate((int) file.size() - START);
    Awaited read = new Awaited();
    file.read(START, all.duplicate(), read);
    read.join(disk);
    RecordView view = new RecordView();
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
        wholeEnd = last;
      }
    }
    truncate(wholeEnd.lsn());
    addedBytes = 0;
    // What the cache merely claims is written once more.
    for (int i = 0; i < records.size(); i++) {
      write(offsets.get(i), ByteBuffer.wrap(records.get(i)));
    }
    force();
  }

  private void write(long offset, ByteBuffer bytes) throws IOException {
    Awaited written = new Awaited();
    file.write(offset, bytes, written);
    written.join(disk);
  }

  void force() throws IOException {
    Awaited forced = new Awaited();
    file.force(forced);
    forced.join(disk);
  }

  void force(Completion completion) {
    file.force(completion);
  }

  /** Writes a record that was added. */
  void write(long lsn, Completion completion) {
    int i = index(lsn);
    file.write(offsets.get(i), ByteBuffer.wrap(records.get(i)), completion);
  }

  /** Adds a record, in memory. */
  void add(byte[] record, LogPosition after) {
    records.add(record);
    offsets.add(end);
    end += record.length;
    addedBytes += record.length;
    last = after;
  }

  /** Gives up everything behind {@code lsn}, durably. */
  void truncate(long lsn) throws IOException {
    while (records.size() > index(lsn) + 1) {
      end = offsets.removeLast();
      records.removeLast();
    }
    last = positionAt(lsn);
    file.setSize(end);
    force();
  }

  private int index(long lsn) {
    return (int) (lsn - start.lsn()) - 1;
  }

  ByteBuffer bytes(long lsn) {
    return ByteBuffer.wrap(records.get(index(lsn)));
  }

  RecordView view(long lsn) {
    return new RecordView().wrap(bytes(lsn));
  }

  LogPosition positionAt(long lsn) {
    return lsn == start.lsn() ? start : view(lsn).end();
  }

  /** The last end of an append at or before {@code lsn}. */
  long appendEnd(long lsn) {
    long whole = lsn;
    while (whole > start.lsn() && !view(whole).lastOfAppend()) {
      whole--;
    }
    return whole;
  }

  LogPosition start() {
    return start;
  }

  LogPosition last() {
    return last;
  }

  /** Byte offset of the file behind the last record. */
  long end() {
    return end;
  }

  /** Bytes of all records added since it was opened. */
  long addedBytes() {
    return addedBytes;
  }

  void close() throws IOException {
    file.close();
  }
}

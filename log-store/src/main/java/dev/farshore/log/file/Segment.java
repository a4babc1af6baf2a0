package dev.farshore.log.file;

import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskFile;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.util.Optional;

/** One segment of the log, as it is known in memory. Owned by the log's thread. */
final class Segment extends InUse {

  private final long number;
  private final long salt;
  private final boolean restart;
  private String fileName = "";
  private Optional<DiskFile> file = Optional.empty();
  private final int fileBytes;
  private boolean ready;
  private LogPosition start = LogPosition.START;
  private long lastLsn;
  private int end = SegmentSlot.DATA_START;
  private Optional<RecordIndex> index = Optional.empty();
  private boolean unforced;

  /**
   * @param fileBytes size that its file gets, or got, when it is made ready
   */
  Segment(SegmentSlot.Identity identity, int fileBytes) {
    this.number = identity.number();
    this.salt = identity.salt();
    this.restart = identity.restart();
    this.fileBytes = fileBytes;
  }

  long number() {
    return number;
  }

  long salt() {
    return salt;
  }

  boolean restart() {
    return restart;
  }

  String fileName() {
    return fileName;
  }

  /** Says in which file it lies, which exists. */
  void liesIn(String name) {
    fileName = name;
  }

  /** Whether its file is prepared and its slot 0 durable, so that batches may be written. */
  boolean isReady() {
    return ready;
  }

  void becomeReady() {
    ready = true;
  }

  /** Size of its file when it is made ready; 0 if it is not known. */
  int fileBytes() {
    return fileBytes;
  }

  SegmentSlot.Identity identity() {
    return new SegmentSlot.Identity(number, salt, restart);
  }

  /** Where it begins: the position before its first record. */
  LogPosition start() {
    return start;
  }

  /** Says where it begins; it holds nothing yet. */
  void startAfter(LogPosition position) {
    start = position;
    lastLsn = position.lsn();
    index = Optional.of(new RecordIndex(position.lsn() + 1));
  }

  /** Says where it begins and ends; what lies where in it is not known yet. */
  void spans(LogPosition from, long last, int fileEnd) {
    start = from;
    lastLsn = last;
    end = fileEnd;
    index = Optional.empty();
  }

  long firstLsn() {
    return start.lsn() + 1;
  }

  /** LSN of its last record; that before its first if it has none. */
  long lastLsn() {
    return lastLsn;
  }

  boolean isEmpty() {
    return lastLsn == start.lsn();
  }

  boolean holds(long lsn) {
    return lsn > start.lsn() && lsn <= lastLsn;
  }

  /** Adds the next record. */
  void add(int offset) {
    index.orElseThrow().add(offset);
    lastLsn++;
  }

  /** Gives up what it holds behind {@code lsn}. */
  void endAt(long lsn) {
    lastLsn = Math.min(lastLsn, lsn);
    index.ifPresent(known -> known.truncate(lsn + 1));
  }

  /** Byte offset behind its last batch, or of its file's end as long as that is all one knows. */
  int end() {
    return end;
  }

  void endsAtByte(int offset) {
    end = offset;
  }

  /** Where its records lie; empty until somebody has looked. */
  Optional<RecordIndex> index() {
    return index;
  }

  void learn(RecordIndex found) {
    index = Optional.of(found);
  }

  void forgetIndex() {
    index = Optional.empty();
  }

  /** Whether bytes were written since the last force was submitted. */
  boolean isUnforced() {
    return unforced;
  }

  void setUnforced(boolean value) {
    unforced = value;
  }

  /** Its file, open. */
  DiskFile file(Disk disk) throws IOException {
    if (file.isEmpty()) {
      file = Optional.of(disk.open(fileName, Disk.Access.LOG));
    }
    return file.get();
  }

  boolean isOpen() {
    return file.isPresent();
  }

  void close() throws IOException {
    if (file.isPresent()) {
      DiskFile open = file.get();
      file = Optional.empty();
      open.close();
    }
  }

  @Override
  public String toString() {
    return "segment " + number;
  }
}

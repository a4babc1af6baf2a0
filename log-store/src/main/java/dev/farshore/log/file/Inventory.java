package dev.farshore.log.file;

import dev.farshore.log.LogDamagedException;
import dev.farshore.log.disk.Awaited;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The segment files of a log, and what each says about itself.
 *
 * @param files in the order of their names
 */
record Inventory(List<Found> files) {

  /**
   * One file.
   *
   * @param slot what its slots say together; empty if none is valid, and nothing else in the file
   *     would be believed
   * @param firstBatch the batch at its beginning, if it is one of the segment that the slots name
   */
  record Found(
      String name,
      int fileNumber,
      int bytes,
      Optional<SegmentSlot> slot,
      Optional<BatchHeader> firstBatch) {}

  private static final int HEAD_BYTES = SegmentSlot.DATA_START + BatchHeader.BYTES;

  /** Looks at every file of the log, and makes sure that they will not vanish. Blocks. */
  static Inventory of(Disk disk, LogSettings settings) throws IOException {
    // A process that died may have created files, and nobody knows whether their names are durable.
    disk.forceDirectory();
    List<Found> files = new ArrayList<>();
    for (String name : disk.list()) {
      OptionalInt number = SegmentFileName.fileNumber(settings.name(), name);
      if (number.isPresent()) {
        try (DiskFile file = disk.open(name, Disk.Access.RANDOM)) {
          files.add(look(disk, file, number.getAsInt(), settings.group()));
        }
      }
    }
    return new Inventory(List.copyOf(files));
  }

  /** Above every number that was given to a segment. */
  long nextNumber() {
    return files.stream()
            .flatMap(found -> found.slot().stream())
            .mapToLong(SegmentSlot::number)
            .max()
            .orElse(0)
        + 1;
  }

  /** Above every number in the name of a file. */
  int nextFile() {
    return files.stream().mapToInt(Found::fileNumber).max().orElse(-1) + 1;
  }

  /** The file of a segment that has not been freed. */
  Optional<Found> find(long number) {
    return files.stream()
        .filter(
            found ->
                found
                    .slot()
                    .filter(slot -> slot.number() == number)
                    .filter(slot -> slot.state() != SegmentSlot.State.FREE)
                    .isPresent())
        .findFirst();
  }

  private static Found look(Disk disk, DiskFile file, int fileNumber, long group)
      throws IOException {
    Head head = head(disk, file);
    List<SegmentSlot> slots = new ArrayList<>();
    for (int i = 0; i < SegmentSlot.COUNT; i++) {
      SegmentSlot.decode(head.bytes(), i * SegmentSlot.PAGE_BYTES).ifPresent(slots::add);
    }
    Optional<BatchHeader> batch = BatchHeader.decode(head.bytes(), SegmentSlot.DATA_START);
    Optional<SegmentSlot> slot = strongest(slots);
    requireCertain(file.name(), head, slot, batch);
    if (slot.isPresent() && slot.get().group() != group) {
      throw new IOException(
          file.name() + " belongs to group " + Long.toHexString(slot.get().group()));
    }
    Optional<BatchHeader> own =
        batch.filter(
            found ->
                slot.map(s -> s.number() == found.number() && s.salt() == found.salt())
                    .orElse(false));
    return new Found(file.name(), fileNumber, Math.toIntExact(file.size()), slot, own);
  }

  /** A file that may hold records must not be taken for one that does not. */
  private static void requireCertain(
      String name, Head head, Optional<SegmentSlot> slot, Optional<BatchHeader> batch)
      throws LogDamagedException {
    long number = slot.map(SegmentSlot::number).or(() -> batch.map(BatchHeader::number)).orElse(0L);
    long lsn = batch.map(found -> found.before().lsn() + 1).orElse(0L);
    if (slot.isEmpty() && batch.isPresent()) {
      throw new LogDamagedException(
          number, 0, lsn, "no slot of " + name + " is valid, yet it holds records");
    }
    boolean vague = slot.map(s -> s.state() == SegmentSlot.State.READY).orElse(true);
    if (head.unreadable().isPresent() && vague) {
      LogDamagedException damage =
          new LogDamagedException(number, 0, lsn, "slots of " + name + " cannot be read");
      damage.initCause(head.unreadable().get());
      throw damage;
    }
  }

  /** Of the slots with the highest number the one whose state is the strongest. */
  private static Optional<SegmentSlot> strongest(List<SegmentSlot> slots) {
    long number = slots.stream().mapToLong(SegmentSlot::number).max().orElse(0);
    Optional<SegmentSlot> best = Optional.empty();
    for (SegmentSlot slot : slots) {
      boolean stronger = best.isEmpty() || slot.state().isStrongerThan(best.get().state());
      if (slot.number() == number && stronger) {
        best = Optional.of(slot);
      }
    }
    return best;
  }

  /**
   * The first bytes of a file; zeros stand for what it does not have or cannot be read.
   *
   * @param unreadable why some of it cannot be read
   */
  private record Head(ByteBuffer bytes, Optional<IOException> unreadable) {}

  private static Head head(Disk disk, DiskFile file) throws IOException {
    int present = (int) Math.min(HEAD_BYTES, file.size());
    ByteBuffer bytes = ByteBuffer.allocate(HEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    if (read(disk, file, 0, bytes.slice(0, present)).isEmpty()) {
      return new Head(bytes, Optional.empty());
    }
    Optional<IOException> unreadable = Optional.empty();
    for (int at = 0; at < present; at += SegmentSlot.PAGE_BYTES) {
      int length = Math.min(SegmentSlot.BYTES, present - at);
      Optional<IOException> why = read(disk, file, at, bytes.slice(at, length));
      unreadable = unreadable.or(() -> why);
    }
    return new Head(bytes, unreadable);
  }

  /**
   * Returns why it cannot be read: an unreadable sector is what the copies of the slots are for.
   */
  private static Optional<IOException> read(
      Disk disk, DiskFile file, int position, ByteBuffer target) {
    Awaited outcome = new Awaited();
    file.read(position, target, outcome);
    try {
      outcome.join(disk);
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e);
    }
  }
}

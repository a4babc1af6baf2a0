package dev.farshore.log.slot;

import dev.farshore.log.disk.Awaited;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A small value on disk that is replaced as a whole, and survives whatever stops the process in
 * between: the old value or the new one is found, and the new one once its write has completed.
 *
 * <p>A write puts the value into one slot, forces it, then into the other, and forces that. A write
 * that is cut short tears one slot at most. Once it has completed, both slots hold the value, so
 * that a slot which rots later is neither taken for a torn write nor makes an older value return.
 * Opening writes both slots again for the same reason, and because what the page cache shows after
 * a failed force may not be on the platter.
 *
 * <p>After a failed write the file takes no more of them: which value a reader would find is
 * unknown until it has been opened again. Owned by the disk's thread.
 */
public final class TwoSlotFile implements AutoCloseable {
  private final Disk disk;
  private final DiskFile file;
  private final SlotFormat format;
  private long sequence;
  private ByteBuffer value;
  private boolean writing;
  private IOException failure;

  private TwoSlotFile(
      Disk disk, DiskFile file, SlotFormat format, long sequence, ByteBuffer value) {
    this.disk = disk;
    this.file = file;
    this.format = format;
    this.sequence = sequence;
    this.value = value;
  }

  /**
   * Creates the file with its first value; durable, and under its name only once it is whole.
   * Blocks. An existing file of that name is replaced.
   */
  public static TwoSlotFile create(Disk disk, String name, SlotFormat format, ByteBuffer first)
      throws IOException {
    String unfinished = name + ".new";
    if (disk.exists(unfinished)) {
      disk.delete(unfinished);
    }
    try (DiskFile file = disk.create(unfinished, Disk.Access.RANDOM)) {
      // Whole slots, so that a disk that fills up later cannot fail a write for want of room.
      ByteBuffer slot = ByteBuffer.allocate(format.slotBytes());
      slot.put(SlotCodec.encode(format, 1, checkedLength(format, first))).clear();
      for (int i = 0; i < 2; i++) {
        Awaited written = new Awaited();
        file.write((long) i * format.slotBytes(), slot, written);
        written.join(disk);
      }
      Awaited forced = new Awaited();
      file.force(forced);
      forced.join(disk);
    }
    disk.rename(unfinished, name);
    disk.forceDirectory();
    DiskFile file = disk.open(name, Disk.Access.RANDOM);
    return new TwoSlotFile(disk, file, format, 1, copy(first));
  }

  /**
   * Opens the file and reads its value. Blocks.
   *
   * @throws java.nio.file.NoSuchFileException if there is none
   * @throws SlotsDamagedException if neither slot holds a value
   */
  public static TwoSlotFile open(Disk disk, String name, SlotFormat format) throws IOException {
    // A process that died between the rename and the force of the directory left a name that the
    // next power cut could still take.
    disk.forceDirectory();
    DiskFile file = disk.open(name, Disk.Access.RANDOM);
    try {
      if (file.size() != 2L * format.slotBytes()) {
        throw new SlotsDamagedException(name, file.size() + " bytes long");
      }
      SlotsDamagedException none = new SlotsDamagedException(name, "no slot holds a value");
      Optional<SlotCodec.Slot> first = readSlot(disk, file, format, 0, none);
      Optional<SlotCodec.Slot> second = readSlot(disk, file, format, 1, none);
      int newest = newest(first, second);
      SlotCodec.Slot slot = (newest == 0 ? first : second).orElseThrow(() -> none);
      TwoSlotFile slots = new TwoSlotFile(disk, file, format, slot.sequence(), copy(slot.value()));
      ByteBuffer bytes = SlotCodec.encode(format, slot.sequence(), slot.value());
      Awaited written = new Awaited();
      slots.writeBoth(bytes, 1 - newest, written);
      written.join(disk);
      return slots;
    } catch (IOException e) {
      file.close();
      throw e;
    }
  }

  /** The value, from position 0; read-only. */
  public ByteBuffer value() {
    return value.asReadOnlyBuffer();
  }

  /** 1 for the first value, one more for each that followed. */
  public long sequence() {
    return sequence;
  }

  /** Whether a write is under way. */
  public boolean writing() {
    return writing;
  }

  /** Why the file takes no more writes; empty while it does. */
  public Optional<IOException> failure() {
    return Optional.ofNullable(failure);
  }

  /**
   * Replaces the value; durable once complete.
   *
   * @param next from position to limit, at most {@link SlotFormat#valueBytesMax} bytes; not kept
   * @throws IllegalStateException if a write is under way
   */
  public void write(ByteBuffer next, Completion completion) {
    if (writing) {
      throw new IllegalStateException(file.name() + ": a write is under way");
    }
    if (failure != null) {
      completion.failed(
          new IOException("an earlier write failed: " + failure.getMessage(), failure));
      return;
    }
    ByteBuffer kept = copy(checkedLength(format, next));
    writing = true;
    writeBoth(
        SlotCodec.encode(format, sequence + 1, kept),
        0,
        new Completion() {
          @Override
          public void done() {
            writing = false;
            sequence++;
            value = kept;
            completion.done();
          }

          @Override
          public void failed(IOException cause) {
            writing = false;
            failure = cause;
            completion.failed(cause);
          }
        });
  }

  /** Replaces the value and waits until it is durable. */
  public void write(ByteBuffer next) throws IOException {
    Awaited written = new Awaited();
    write(next, written);
    written.join(disk);
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private void writeBoth(ByteBuffer slot, int firstSlot, Completion completion) {
    writeOne(
        slot,
        firstSlot,
        new Completion() {
          @Override
          public void done() {
            writeOne(slot, 1 - firstSlot, completion);
          }

          @Override
          public void failed(IOException cause) {
            completion.failed(cause);
          }
        });
  }

  private void writeOne(ByteBuffer slot, int index, Completion completion) {
    file.write(
        (long) index * format.slotBytes(),
        slot.duplicate(),
        new Completion() {
          @Override
          public void done() {
            file.force(completion);
          }

          @Override
          public void failed(IOException cause) {
            completion.failed(cause);
          }
        });
  }

  private static int newest(Optional<SlotCodec.Slot> first, Optional<SlotCodec.Slot> second) {
    long ofFirst = first.map(SlotCodec.Slot::sequence).orElse(0L);
    long ofSecond = second.map(SlotCodec.Slot::sequence).orElse(0L);
    return ofFirst >= ofSecond ? 0 : 1;
  }

  /** A slot that the device cannot read is like one that holds nothing: the other one has it. */
  private static Optional<SlotCodec.Slot> readSlot(
      Disk disk, DiskFile file, SlotFormat format, int index, SlotsDamagedException none)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(format.slotBytes());
    Awaited read = new Awaited();
    file.read((long) index * format.slotBytes(), bytes.duplicate(), read);
    try {
      read.join(disk);
    } catch (IOException unreadable) {
      none.addSuppressed(unreadable);
      return Optional.empty();
    }
    return SlotCodec.decode(format, bytes);
  }

  private static ByteBuffer checkedLength(SlotFormat format, ByteBuffer value) {
    if (value.remaining() > format.valueBytesMax()) {
      throw new IllegalArgumentException("a value of " + value.remaining() + " bytes");
    }
    return value;
  }

  private static ByteBuffer copy(ByteBuffer value) {
    ByteBuffer copy = ByteBuffer.allocate(value.remaining());
    return copy.put(value.duplicate()).flip().asReadOnlyBuffer();
  }
}

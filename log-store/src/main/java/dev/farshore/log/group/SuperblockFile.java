package dev.farshore.log.group;

import dev.farshore.log.disk.Awaited;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.slot.TwoSlotFile;
import java.io.IOException;

/** The superblock on disk, and as it was last written. */
final class SuperblockFile implements AutoCloseable {
  static final String NAME = "superblock";

  private final Disk disk;
  private final TwoSlotFile slots;
  private Superblock now;

  private SuperblockFile(Disk disk, TwoSlotFile slots, Superblock now) {
    this.disk = disk;
    this.slots = slots;
    this.now = now;
  }

  static SuperblockFile open(Disk disk) throws IOException {
    TwoSlotFile slots = TwoSlotFile.open(disk, NAME, SuperblockCodec.FORMAT);
    try {
      return new SuperblockFile(disk, slots, SuperblockCodec.decode(slots.value()));
    } catch (IOException e) {
      slots.close();
      throw e;
    }
  }

  Superblock now() {
    return now;
  }

  void write(Superblock next, Completion completion) {
    slots.write(SuperblockCodec.encode(next), new After(() -> now = next, completion));
  }

  /** Writes and waits until it is durable. */
  void write(Superblock next) throws IOException {
    Awaited written = new Awaited();
    write(next, written);
    written.join(disk);
  }

  @Override
  public void close() throws IOException {
    slots.close();
  }
}

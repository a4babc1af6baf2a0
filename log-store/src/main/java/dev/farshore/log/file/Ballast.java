package dev.farshore.log.file;

import dev.farshore.log.disk.Awaited;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskFile;
import dev.farshore.log.disk.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * A file of zeros that is given up when a log has to be opened on a full disk: a log always goes on
 * in a fresh segment, and without one it could not even be read. Every method blocks. Owned by the
 * disk's thread.
 */
final class Ballast {
  static final String NAME = "ballast";

  private static final int MOST_BYTES = 4 << 20;
  private static final int STEP_BYTES = 64 << 10;

  private final Disk disk;
  private final int bytes;

  /**
   * @param segmentBytes size of the log's segments; the ballast is at most a quarter of it
   */
  Ballast(Disk disk, int segmentBytes) {
    this.disk = disk;
    this.bytes = Math.min(segmentBytes / 4, MOST_BYTES);
  }

  /** Makes it as long as it should be, or as there is room for. */
  void keep() throws IOException {
    boolean exists = disk.exists(NAME);
    try (DiskFile file =
        exists ? disk.open(NAME, Disk.Access.RANDOM) : disk.create(NAME, Disk.Access.RANDOM)) {
      if (file.size() < bytes) {
        fill(file);
      }
    } catch (DiskFullException asLongAsThereIsRoomFor) {
      // The next start finds less to give up, or nothing; this one needs no more of it.
    }
  }

  private void fill(DiskFile file) throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect(STEP_BYTES);
    for (long at = file.size(); at < bytes; at += STEP_BYTES) {
      Awaited written = new Awaited();
      file.write(at, zeros.slice(0, (int) Math.min(STEP_BYTES, bytes - at)), written);
      written.join(disk);
    }
    Awaited forced = new Awaited();
    file.force(forced);
    forced.join(disk);
  }

  /** Gives its room back; false if there is none. */
  boolean drop() throws IOException {
    if (!disk.exists(NAME)) {
      return false;
    }
    disk.delete(NAME);
    disk.forceDirectory();
    return true;
  }
}

package dev.farshore.log.record;

import java.nio.ByteBuffer;

/**
 * What a record does. The caller of an append hands in changes; the log makes records of them.
 *
 * <p>Offsets and lengths are in bytes of the volume, any alignment. {@code volume} is a number that
 * is never used twice in a group.
 */
public sealed interface Change {

  /** Number of the volume that this changes; 0 where it concerns the group as a whole. */
  int volume();

  /**
   * Puts bytes into a volume.
   *
   * @param data from position to limit, 1 to {@link RecordFormat#MAX_PAYLOAD_BYTES} bytes; owned by
   *     the log until the append call returns
   */
  record Write(int volume, long offset, ByteBuffer data) implements Change {}

  /** Makes a range read as zeros, and keeps room for it (NBD WRITE_ZEROES with NO_HOLE). */
  record Zero(int volume, long offset, long length) implements Change {}

  /**
   * Makes a range read as zeros, and gives up its room (NBD TRIM, WRITE_ZEROES without NO_HOLE).
   */
  record Trim(int volume, long offset, long length) implements Change {}

  /** A new volume, all zeros. {@code name} is 1 to 255 bytes of UTF-8. */
  record VolumeCreate(int volume, String name, long sizeBytes) implements Change {}

  /** A new size; what is cut off is gone, what is added reads as zeros. */
  record VolumeResize(int volume, long sizeBytes) implements Change {}

  /** The volume and its contents are gone. */
  record VolumeRemove(int volume) implements Change {}

  /**
   * The record's epoch begins here.
   *
   * @param previous the last epoch before it
   */
  record EpochStart(Epoch previous) implements Change {
    @Override
    public int volume() {
      return 0;
    }
  }

  /**
   * From the next record on, replies promise less than the group's mode says; or, with {@code
   * ends}, no longer.
   */
  record DegradedSpan(boolean ends) implements Change {
    @Override
    public int volume() {
      return 0;
    }
  }

  /**
   * A named point in the log, also used as heartbeat; {@code label} is at most 255 bytes of UTF-8.
   */
  record Mark(String label) implements Change {
    @Override
    public int volume() {
      return 0;
    }
  }
}

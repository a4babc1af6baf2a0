package dev.farshore.log.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * An open file of a {@link Disk}; owned by the disk's thread.
 *
 * <p>Operations on overlapping ranges that are in flight together happen in no promised order:
 * submit the second when the first has completed. A buffer belongs to the disk from submission to
 * completion; its position and limit are read at submission and not changed.
 */
public interface DiskFile extends AutoCloseable {

  String name();

  /** Current length in bytes, as of the operations that have completed. */
  long size() throws IOException;

  /**
   * Sets the length; growth reads as zeros and takes no room. Synchronous, durable with the next
   * force.
   */
  void setSize(long bytes) throws IOException;

  /**
   * Fills {@code target} from its position to its limit. Reading past the end of the file fails
   * with {@link java.io.EOFException}.
   */
  void read(long position, ByteBuffer target, Completion completion);

  /** Writes {@code source} from its position to its limit, extending the file if need be. */
  void write(long position, ByteBuffer source, Completion completion);

  /**
   * Makes a range read as zeros, as a write of zeros would, durable with the next force. A file
   * that can do it without writing them overrides this.
   *
   * @param position at most {@link #size}
   * @param length up to the end of the file
   */
  default void clear(long position, long length, Room room, Completion completion) {
    new ZeroFill(this, position, length, completion).done();
  }

  /**
   * Makes every write of this file that has completed before this call durable, and its size. Once
   * a force has failed, the state of all bytes since the last good one is unknown: the page cache
   * may claim what the device does not hold, and a second force that succeeds proves nothing.
   */
  void force(Completion completion);

  /**
   * Forgets what the operating system remembers of the file, after a force that failed or may have:
   * from now on it reads what the device holds, and what is written anew gets there. Without this
   * not even a rewrite of the same bytes is safe: a page that was clean only because its write
   * failed may have room on the device that the file system does not take for written. Ext4 then
   * lets it read as zeros after the next mount, although a later force of it succeeded.
   *
   * <p>What was written and not forced is brought to the device first, or else given up: who calls
   * this writes it again. Nothing may be under way. Blocks.
   */
  void distrustCache() throws IOException;

  @Override
  void close() throws IOException;
}

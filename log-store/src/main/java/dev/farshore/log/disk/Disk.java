package dev.farshore.log.disk;

import java.io.IOException;
import java.util.List;

/**
 * One directory of files, as a port: a real disk is a directory of the operating system, a
 * simulated one has the physics of one that loses power.
 *
 * <p>Owned by one thread, which submits operations and calls {@link #poll}. Data operations (on
 * {@link DiskFile}) are completion-based, so that a force can be interleaved with anything.
 * Operations on the directory itself are rare and synchronous.
 *
 * <p><b>What survives a power cut.</b> Written bytes and file sizes: what a completed {@link
 * DiskFile#force} covered, which is every write that had completed when the force was submitted.
 * Names (create, rename, delete): what {@link #forceDirectory} covered. Anything else may survive
 * wholly, in part (torn at 512-byte sectors) or not at all. What survives the process's death:
 * every completed operation.
 */
public interface Disk extends AutoCloseable {

  /** How the bytes of a file are used; a real disk chooses the calling thread or its own by it. */
  enum Access {
    /**
     * Short appending writes, which are done on the calling thread (a copy into the page cache).
     */
    LOG,
    /**
     * Reads and writes anywhere, which may wait for the device and so run on the disk's threads.
     */
    RANDOM
  }

  /**
   * Creates a file that does not exist yet.
   *
   * @param name a plain file name, no separators
   * @throws java.nio.file.FileAlreadyExistsException if there is one
   */
  DiskFile create(String name, Access access) throws IOException;

  /**
   * Opens an existing file.
   *
   * @throws java.nio.file.NoSuchFileException if there is none
   */
  DiskFile open(String name, Access access) throws IOException;

  boolean exists(String name) throws IOException;

  /** The names of all files, sorted. */
  List<String> list() throws IOException;

  void delete(String name) throws IOException;

  /** Gives {@code from} the name {@code to}, replacing a file of that name atomically. */
  void rename(String from, String to) throws IOException;

  /** Makes creations, renames and deletions so far survive a power cut. Blocks. */
  void forceDirectory() throws IOException;

  /** Bytes that may still be written before the disk is full. */
  long freeBytes() throws IOException;

  /**
   * Runs the completions that are due, on the calling thread.
   *
   * @param nowNanos the current time; a real disk ignores it
   * @return how many ran
   */
  int poll(long nowNanos);

  /** When {@link #poll} has work next; {@code Long.MAX_VALUE} if unknown or never. */
  long nextDeadlineNanos();

  /**
   * Waits until at least one submitted operation has completed and runs the completions that are
   * due; for start-up and recovery, where the owner has nothing else to do. Returns at once if
   * nothing is submitted. A simulated disk completes the operations without waiting.
   *
   * @return how many completions ran
   */
  int await();

  /** Closes every open file. Operations that have not completed fail. */
  @Override
  void close() throws IOException;
}

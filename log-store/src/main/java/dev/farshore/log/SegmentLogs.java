package dev.farshore.log;

import dev.farshore.log.record.LogPosition;
import java.io.IOException;

/**
 * The logs of one kind in one directory, by name, as a port. A group has one log at a time, but two
 * names while its images are replaced: the new log begins where the new images stand, and the old
 * one is set aside.
 *
 * <p>The names of all files of a log start with its name and a dot. Every method blocks, and what
 * it did survives a power cut once it returns.
 */
public interface SegmentLogs {

  /**
   * Creates an empty log. What an earlier, interrupted creation of that name left is replaced.
   *
   * @param name a plain file name
   * @param start the position after which its first record will follow
   */
  SegmentLog create(String name, LogPosition start) throws IOException;

  /**
   * Opens a log and recovers it.
   *
   * @throws java.nio.file.NoSuchFileException if there is none of that name
   * @throws LogDamagedException if bytes that had been forced are not what was written
   */
  SegmentLog open(String name) throws IOException;

  /** Whether there is anything of a log of that name, be it only left by an interrupted call. */
  boolean exists(String name) throws IOException;

  /**
   * Gives the files of a log that is not open names that start with {@code asideName} and a dot.
   * Does what is left to do if it was interrupted before, and nothing if there is no such log.
   *
   * @param asideName before the first try, one of which nothing {@link #exists}
   * @throws java.nio.file.FileAlreadyExistsException if another log has that name, which is kept
   */
  void setAside(String name, String asideName) throws IOException;

  /** Deletes the files of a log that is not open, if there are any. */
  void delete(String name) throws IOException;
}

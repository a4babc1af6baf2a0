package dev.farshore.log.disk;

import java.io.IOException;

/**
 * What follows a disk operation. Exactly one of the two methods is called, once, on the thread that
 * owns the {@link Disk}: from within {@link Disk#poll} or, where the operation could be done at
 * once, before the submitting call returns. Implementations do not throw.
 */
public interface Completion {

  /** The operation took effect as its description says. */
  void done();

  /**
   * The operation failed. How much of it took effect is unknown.
   *
   * @param cause what the operating system said; a {@link DiskFullException} when there was no room
   */
  void failed(IOException cause);
}

package dev.farshore.log.disk;

import java.io.IOException;

/**
 * Waits for one operation while driving its disk: for start-up and for rare steps that block their
 * owner anyway. Used once, on the disk's thread.
 */
public final class Awaited implements Completion {
  private boolean finished;
  private IOException failure;

  @Override
  public void done() {
    finished = true;
  }

  @Override
  public void failed(IOException cause) {
    finished = true;
    failure = cause;
  }

  /**
   * Returns when the operation is done.
   *
   * @throws IOException if the operation failed
   */
  public void join(Disk disk) throws IOException {
    while (!finished) {
      if (disk.await() == 0 && !finished) {
        throw new IllegalStateException("the disk has nothing under way, and this is not done");
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}

package dev.farshore.log.group;

import dev.farshore.log.disk.Disk;

/** Keeps log and disk going for an owner that has to wait for them. */
final class Drive {
  private static final int FRUITLESS_MAX = 3;

  /** Something that can be done at once, if it says so. */
  interface Work {
    boolean step();
  }

  private final Disk disk;
  private final Work work;
  private int fruitless;

  /**
   * @param work true if it has something more to do at once
   */
  Drive(Disk disk, Work work) {
    this.disk = disk;
    this.work = work;
  }

  /**
   * Does some work, or waits for the disk.
   *
   * @throws IllegalStateException if there is neither work nor anything under way
   */
  void step() {
    fruitless = work.step() || disk.await() > 0 ? 0 : fruitless + 1;
    if (fruitless > FRUITLESS_MAX) {
      throw new IllegalStateException("waiting for something, and nothing is under way");
    }
  }
}

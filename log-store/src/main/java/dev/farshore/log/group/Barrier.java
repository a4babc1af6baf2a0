package dev.farshore.log.group;

import dev.farshore.log.disk.Completion;
import java.io.IOException;

/**
 * Tells when all operations that are under way at one moment have ended: reads, so that what they
 * read may be changed; writes, so that what they wrote may be forced. Owned by the group's thread.
 */
final class Barrier {

  /** Operations that began between two barriers. */
  private static final class Generation {
    private int open;
    private Runnable whenEnded;

    private void ended() {
      if (--open == 0 && whenEnded != null) {
        whenEnded.run();
      }
    }
  }

  private Generation current = new Generation();
  private boolean waiting;

  /** The completion of an operation that begins now. */
  Completion during(Completion owner) {
    Generation generation = current;
    generation.open++;
    return new Completion() {
      @Override
      public void done() {
        generation.ended();
        owner.done();
      }

      @Override
      public void failed(IOException cause) {
        generation.ended();
        owner.failed(cause);
      }
    };
  }

  /**
   * Runs {@code next} once every operation that is under way has ended; at once if none is. One at
   * a time.
   */
  void await(Runnable next) {
    if (waiting) {
      throw new IllegalStateException("a barrier is awaited already");
    }
    Generation before = current;
    current = new Generation();
    if (before.open == 0) {
      next.run();
      return;
    }
    waiting = true;
    before.whenEnded =
        () -> {
          waiting = false;
          next.run();
        };
  }
}

package dev.farshore.log.disk;

import java.io.IOException;

/**
 * Completes when several operations have: done if all are done, else failed with the first failure
 * — after the last of them, so that no buffer is still in use.
 *
 * <pre>
 *   AllOf all = new AllOf(completion);
 *   file.read(0, first, all.one());
 *   file.read(9, second, all.one());
 *   all.submitted();
 * </pre>
 */
public final class AllOf implements Completion {
  private final Completion whole;

  /** Parts under way, and one for the submission itself. */
  private int open = 1;

  private IOException failure;

  public AllOf(Completion whole) {
    this.whole = whole;
  }

  /** The completion of one more part; to be handed to exactly one operation. */
  public Completion one() {
    if (open == 0) {
      throw new IllegalStateException("already complete");
    }
    open++;
    return this;
  }

  /** Says that all parts are submitted. */
  public void submitted() {
    done();
  }

  @Override
  public void done() {
    if (--open == 0) {
      if (failure == null) {
        whole.done();
      } else {
        whole.failed(failure);
      }
    }
  }

  @Override
  public void failed(IOException cause) {
    if (failure == null) {
      failure = cause;
    }
    done();
  }
}

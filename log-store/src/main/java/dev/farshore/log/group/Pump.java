package dev.farshore.log.group;

import dev.farshore.log.disk.Completion;
import java.io.IOException;

/**
 * Keeps a bounded number of operations under way until there are no more to submit, and completes
 * when the last has ended. After a failure it submits nothing more.
 */
final class Pump {

  /** What there is to do. */
  interface Source {

    /**
     * Submits the next operation.
     *
     * @param completion ends it
     * @return false, without using the completion, if there is none left
     */
    boolean submitNext(Completion completion);
  }

  private final Source source;
  private final int inFlightMax;
  private final Completion whole;
  private int inFlight;
  private boolean exhausted;
  private boolean submitting;
  private boolean ended;
  private IOException failure;

  private Pump(Source source, int inFlightMax, Completion whole) {
    this.source = source;
    this.inFlightMax = inFlightMax;
    this.whole = whole;
  }

  static void run(Source source, int inFlightMax, Completion whole) {
    new Pump(source, inFlightMax, whole).submit();
  }

  private void submit() {
    if (submitting || ended) {
      return;
    }
    submitting = true;
    while (!exhausted && failure == null && inFlight < inFlightMax) {
      inFlight++;
      if (!source.submitNext(one())) {
        inFlight--;
        exhausted = true;
      }
    }
    submitting = false;
    if (inFlight == 0) {
      ended = true;
      if (failure == null) {
        whole.done();
      } else {
        whole.failed(failure);
      }
    }
  }

  private Completion one() {
    return new Completion() {
      @Override
      public void done() {
        inFlight--;
        submit();
      }

      @Override
      public void failed(IOException cause) {
        failure = failure == null ? cause : failure;
        inFlight--;
        submit();
      }
    };
  }
}

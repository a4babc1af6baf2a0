package dev.farshore.log.group;

import dev.farshore.log.disk.Completion;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;

/** Runs asynchronous steps one after the other, until one fails. */
final class Sequence implements Completion {

  /** Starts something that ends with the completion. */
  interface Step {
    void start(Completion completion) throws IOException;
  }

  private final Iterator<Step> steps;
  private final Completion whole;
  private boolean starting;
  private boolean doneAtOnce;

  private Sequence(List<Step> steps, Completion whole) {
    this.steps = steps.iterator();
    this.whole = whole;
  }

  static void run(List<Step> steps, Completion whole) {
    new Sequence(steps, whole).done();
  }

  @Override
  public void done() {
    if (starting) {
      // Steps that end at once are taken one by one here, not one inside the other.
      doneAtOnce = true;
      return;
    }
    do {
      if (!steps.hasNext()) {
        whole.done();
        return;
      }
      doneAtOnce = false;
      starting = true;
      try {
        steps.next().start(this);
      } catch (IOException e) {
        whole.failed(e);
        return;
      } finally {
        starting = false;
      }
    } while (doneAtOnce);
  }

  @Override
  public void failed(IOException cause) {
    whole.failed(cause);
  }
}

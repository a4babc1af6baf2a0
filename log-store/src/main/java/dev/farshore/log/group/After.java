package dev.farshore.log.group;

import dev.farshore.log.disk.Completion;
import java.io.IOException;

/** Does something once an operation is done, before its owner hears of it. */
record After(Runnable first, Completion next) implements Completion {
  @Override
  public void done() {
    first.run();
    next.done();
  }

  @Override
  public void failed(IOException cause) {
    next.failed(cause);
  }
}

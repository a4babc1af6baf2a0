package dev.farshore.log.disk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;

/** A completion that remembers what it was told. */
public final class Outcome implements Completion {

  private int told;
  private IOException failure;

  @Override
  public void done() {
    told++;
  }

  @Override
  public void failed(IOException cause) {
    told++;
    failure = cause;
  }

  public boolean isTold() {
    return told > 0;
  }

  /** Waits, and throws what went wrong. */
  public void on(Disk disk) throws IOException {
    IOException cause = failureOn(disk);
    if (cause != null) {
      throw cause;
    }
  }

  /** Waits, and gives what went wrong; null if nothing did. */
  public IOException failureOn(Disk disk) {
    while (told == 0) {
      assertTrue(disk.await() > 0, "the operation was lost");
    }
    assertTrue(told == 1, "a completion runs once");
    return failure;
  }
}

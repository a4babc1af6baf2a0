package dev.farshore.tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A process under measurement, or beside it; what it prints goes to a file. */
final class Child implements AutoCloseable {
  private static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final long PAUSE_NANOS = 20_000_000L;

  private final String name;
  private final Process process;
  private final Path output;

  Child(String name, Path output, List<String> command) throws IOException {
    this.name = name;
    this.output = output;
    this.process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
  }

  long pid() {
    return process.pid();
  }

  /** Something that will be so. */
  interface Condition {
    boolean holds() throws IOException;
  }

  /** Waits until something is so, and fails when the process is gone or it takes too long. */
  void await(String what, Condition condition) throws IOException {
    long begun = System.nanoTime();
    while (!condition.holds()) {
      boolean late = System.nanoTime() - begun > PATIENCE_NANOS;
      if (late || !process.isAlive()) {
        String why = late ? " takes too long" : " has ended";
        throw new IOException(name + why + ": " + what + "\n" + Files.readString(output));
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}

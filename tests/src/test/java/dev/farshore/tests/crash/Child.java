package dev.farshore.tests.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A JVM that this test starts and ends, and the lines that it says. */
final class Child implements AutoCloseable {
  private static final String END = new String("end of lines");
  private static final long WATCHDOG_SECONDS = 120;

  private final Process process;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
  private boolean ended;

  private Child(Process process) {
    this.process = process;
    Thread.ofPlatform().daemon().name("child-" + process.pid()).start(this::read);
  }

  /**
   * @param environment added to that of this process
   */
  static Child start(Class<?> main, Map<String, String> environment, List<String> arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (option.startsWith("--") || option.startsWith("-Dchronicle")) {
        command.add(option);
      }
    }
    // A child lives for less than a second: it should start quickly.
    command.addAll(
        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-Xmx300m", "-ea"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().putAll(environment);
    builder.redirectError(ProcessBuilder.Redirect.INHERIT);
    return new Child(builder.start());
  }

  private void read() {
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      lines.add(END);
    }
  }

  /** The next line; empty when the process has said its last. */
  Optional<String> line() {
    return line(TimeUnit.SECONDS.toMillis(WATCHDOG_SECONDS))
        .or(
            () -> {
              if (!ended) {
                throw new AssertionError(
                    "process " + process.pid() + " says nothing for " + WATCHDOG_SECONDS + " s");
              }
              return Optional.empty();
            });
  }

  /** The next line, if there is one within so many milliseconds. */
  Optional<String> line(long millis) {
    if (ended) {
      return Optional.empty();
    }
    String line = taken(millis);
    ended = line == END;
    return ended ? Optional.empty() : Optional.ofNullable(line);
  }

  private String taken(long millis) {
    try {
      return lines.poll(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  boolean hasEnded() {
    return ended;
  }

  /** SIGKILL. What it has said before stays to be read. */
  void kill() {
    // Not by the process, which would close the pipe too.
    process.toHandle().destroyForcibly();
  }

  /** Waits for its end. */
  int exitCode() {
    try {
      if (!process.waitFor(WATCHDOG_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError("process " + process.pid() + " does not end");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    kill();
    exitCode();
  }
}

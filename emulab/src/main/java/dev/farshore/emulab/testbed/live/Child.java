package dev.farshore.emulab.testbed.live;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A process that was started. What it prints goes to a file. */
final class Child {
  private final String name;
  private final Path output;
  private final Process process;

  /**
   * @param name for people
   * @param output where what it prints goes
   */
  Child(String name, Path output, Process process) {
    this.name = name;
    this.output = output;
    this.process = process;
  }

  /** A process that prints what it prints into {@code output}. */
  static ProcessBuilder builder(List<String> command, Path output) {
    return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** As {@code kill -9}; waits until it is gone. */
  void kill() {
    process.destroyForcibly();
    boolean interrupted = false;
    while (true) {
      try {
        if (process.waitFor(1, TimeUnit.MINUTES)) {
          break;
        }
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** The last thing that it said, on one line, for people. */
  String lastWords() {
    try {
      List<String> lines = Files.readAllLines(output);
      String last = lines.isEmpty() ? "it said nothing" : lines.getLast();
      return name + ": " + last;
    } catch (IOException e) {
      return name + ": what it said cannot be read: " + e.getMessage();
    }
  }
}

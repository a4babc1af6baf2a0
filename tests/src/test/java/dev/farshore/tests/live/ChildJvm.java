package dev.farshore.tests.live;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A main class of the product in a process of its own, with this JVM's class path and options. */
final class ChildJvm implements AutoCloseable {
  private final String name;
  private final Process process;
  private final List<String> lines = new ArrayList<>();
  private final Thread reader;
  private boolean ended;

  ChildJvm(String name, String mainClass, List<String> arguments) throws IOException {
    this.name = name;
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      boolean forAll =
          option.startsWith("--add-")
              || option.startsWith("--enable-native")
              || option.startsWith("--sun-misc")
              || option.startsWith("-Dchronicle");
      if (forAll) {
        command.add(option);
      }
    }
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx700m", "-cp"));
    command.add(System.getProperty("java.class.path"));
    command.add(mainClass);
    command.addAll(arguments);
    process = new ProcessBuilder(command).redirectErrorStream(true).start();
    reader = Thread.ofPlatform().daemon().name("output of " + name).start(this::read);
  }

  private void read() {
    try (BufferedReader out = process.inputReader()) {
      for (String line = out.readLine(); line != null; line = out.readLine()) {
        add(line);
      }
    } catch (IOException e) {
      add("reading ended: " + e.getMessage());
    }
    synchronized (lines) {
      ended = true;
      lines.notifyAll();
    }
  }

  private void add(String line) {
    synchronized (lines) {
      lines.add(line);
      lines.notifyAll();
    }
  }

  /** Kills it as {@code kill -9} does, and waits until it is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
    reader.join();
  }

  /** Waits for its end. */
  int await(long seconds) throws InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      throw new AssertionError(name + " did not end:\n" + output());
    }
    reader.join();
    return process.exitValue();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** Everything it has printed so far. */
  String output() {
    synchronized (lines) {
      return name + ":\n  " + String.join("\n  ", lines) + (ended ? "\n  (ended)" : "");
    }
  }

  @Override
  public void close() {
    try {
      if (process.isAlive()) {
        process.destroy();
        if (!process.waitFor(10, TimeUnit.SECONDS)) {
          process.destroyForcibly().waitFor();
        }
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted while ending " + name, e));
    }
  }
}

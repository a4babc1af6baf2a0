package dev.farshore.emulab.testbed.live;

import dev.farshore.emulab.tun.Namespace;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A main class in a process of its own, with this JVM's class path and those of its options that
 * every program of the product needs; in a namespace. What it prints goes to a file.
 */
final class JavaProcess {
  private static final List<String> NEEDED =
      List.of("--add-", "--enable-native", "--sun-misc", "-Dchronicle", "-Ddisable.", "-Dio.netty");

  private final String name;
  private final Path output;
  private final Process process;

  private JavaProcess(String name, Path output, Process process) {
    this.name = name;
    this.output = output;
    this.process = process;
  }

  /**
   * @param heapMebibytes most heap
   * @param words main class and arguments
   */
  static JavaProcess start(
      Namespace namespace, String name, Path output, int heapMebibytes, List<String> words)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    for (String option : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (NEEDED.stream().anyMatch(option::startsWith)) {
        command.add(option);
      }
    }
    command.add("-Xmx" + heapMebibytes + "m");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(words);
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    // A child is in the namespace of the thread that starts it.
    return new JavaProcess(name, output, namespace.in(builder::start));
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

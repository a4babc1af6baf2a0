package dev.farshore.emulab.testbed.live;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/**
 * The command for a main class with this JVM's class path and those of its options that every
 * program of the product needs.
 */
final class JavaCommand {
  private static final List<String> NEEDED =
      List.of("--add-", "--enable-native", "--sun-misc", "-Dchronicle", "-Ddisable.", "-Dio.netty");

  private JavaCommand() {}

  /**
   * @param heapMebibytes most heap
   * @param words main class and arguments
   */
  static List<String> of(int heapMebibytes, List<String> words) {
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
    return command;
  }

  /** The agent of a site, on this machine. */
  static List<String> ofAgent(SiteFiles files, int heapMebibytes) {
    return of(
        heapMebibytes,
        List.of(
            "dev.farshore.agent.command.MirrorAgent",
            "start",
            "--config",
            files.configuration().toString()));
  }
}

package dev.farshore.emulab.bench;

import dev.farshore.emulab.results.Machine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The machine that this runs on, as Linux describes it. */
final class ThisMachine {

  private static final String UNKNOWN = "unknown";
  private static final long KIB = 1024;

  private ThisMachine() {}

  static Machine describe() {
    String jvm = System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version");
    String memory = field("/proc/meminfo", "MemTotal").replaceAll("[^0-9]", "");
    return new Machine(
        jvm,
        field("/proc/cpuinfo", "model name"),
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        memory.isEmpty() ? 0 : Long.parseLong(memory) * KIB);
  }

  private static String field(String file, String name) {
    try {
      List<String> lines = Files.readAllLines(Path.of(file));
      return lines.stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(line.indexOf(':') + 1).strip())
          .findFirst()
          .orElse(UNKNOWN);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }
}

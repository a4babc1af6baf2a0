package dev.farshore.tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What a process has cost since it began, as the kernel counts it.
 *
 * @param dirtiedBytes pages that it made dirty, {@code write_bytes} of {@code /proc/PID/io}: tells
 *     whether it still writes; where pages are part of larger folios it counts those, so it says
 *     little of how much reaches the disk
 * @param cpuNanos of all its threads
 */
record ProcessIo(long dirtiedBytes, long cpuNanos) {
  private static final long TICK_NANOS = 10_000_000;
  private static final int USER_TICKS = 13;
  private static final int SYSTEM_TICKS = 14;

  static ProcessIo of(long pid) throws IOException {
    Path process = Path.of("/proc", Long.toString(pid));
    long bytes = 0;
    for (String line : Files.readAllLines(process.resolve("io"))) {
      if (line.startsWith("write_bytes:")) {
        bytes = Long.parseLong(line.substring(line.indexOf(':') + 1).trim());
      }
    }
    String stat = Files.readString(process.resolve("stat"));
    // The second field is the name, in parentheses, and may hold spaces.
    List<String> fields = List.of(("0 0 " + stat.substring(stat.lastIndexOf(')') + 2)).split(" "));
    long ticks = Long.parseLong(fields.get(USER_TICKS)) + Long.parseLong(fields.get(SYSTEM_TICKS));
    return new ProcessIo(bytes, ticks * TICK_NANOS);
  }

  ProcessIo since(ProcessIo before) {
    return new ProcessIo(dirtiedBytes - before.dirtiedBytes, cpuNanos - before.cpuNanos);
  }
}

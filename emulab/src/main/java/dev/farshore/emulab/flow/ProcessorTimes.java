package dev.farshore.emulab.flow;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Of all processors of this machine together, since it started.
 *
 * @param busy jiffies that something ran in
 * @param all jiffies
 */
record ProcessorTimes(long busy, long all) {
  private static final Path STATISTICS = Path.of("/proc/stat");
  private static final int IDLE = 3;
  private static final int WAITING = 4;
  private static final int KINDS = 8;

  static ProcessorTimes now() throws IOException {
    String first = Files.readString(STATISTICS).lines().findFirst().orElseThrow();
    long[] kinds =
        Arrays.stream(first.split("\\s+"))
            .skip(1)
            .limit(KINDS)
            .mapToLong(Long::parseLong)
            .toArray();
    long all = Arrays.stream(kinds).sum();
    return new ProcessorTimes(all - kinds[IDLE] - kinds[WAITING], all);
  }

  /** Share of them that were busy since then, with whatever; 0 to 1. */
  double shareSince(ProcessorTimes earlier) {
    return (double) (busy - earlier.busy) / Math.max(1, all - earlier.all);
  }
}

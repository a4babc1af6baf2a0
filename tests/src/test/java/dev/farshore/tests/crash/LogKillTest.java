package dev.farshore.tests.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Invariants L2, L3, L5 and L6 over SIGKILL at any moment, on one directory through all rounds. */
@Tag("crash")
class LogKillTest {
  private static final int MOST_LINES = 200;
  private static final int MOST_START_MILLIS = 60;

  @TempDir Path directory;

  @ParameterizedTest
  @EnumSource(StoreKind.class)
  void everyAppendOutlivesItsProcess(StoreKind kind) throws IOException {
    long seed = Long.getLong("crash.seed", System.nanoTime());
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("crash.seconds", 15));
    SplittableRandom random = new SplittableRandom(seed);
    LogWitness witness = new LogWitness();
    int round = 0;
    try {
      while (System.nanoTime() - until < 0 || round < 5) {
        killed(kind, random, witness);
        round++;
        if (round % 5 == 0) {
          try (StoreKind.Opened opened = kind.open(directory, () -> {})) {
            witness.verify(opened.log());
          }
        }
      }
    } catch (AssertionError | IOException e) {
      throw new AssertionError(
          "round " + round + " of -Dcrash.seed=" + seed + ": " + e.getMessage(), e);
    }
    System.out.printf("%s: %d processes killed, %s%n", kind, round, witness);
    assertTrue(witness.appended() > 0);
  }

  private void killed(StoreKind kind, SplittableRandom random, LogWitness witness)
      throws IOException {
    List<String> arguments =
        List.of(
            kind.name(),
            directory.toString(),
            Long.toString(random.nextLong()),
            Integer.toString(Integer.MAX_VALUE),
            "true");
    try (Child child = Child.start(LogChild.class, Map.of(), arguments)) {
      Optional<String> line = child.line();
      line.ifPresent(witness::hear);
      boolean whileStarting = random.nextInt(4) == 0;
      if (whileStarting) {
        line = child.line(random.nextInt(MOST_START_MILLIS));
        line.ifPresent(witness::hear);
      } else {
        int lines = 1 + random.nextInt(MOST_LINES);
        for (int i = 0; i < lines && line.isPresent(); i++) {
          line = child.line();
          line.ifPresent(witness::hear);
        }
        assertTrue(line.isPresent(), () -> "the child ended by itself with " + child.exitCode());
      }
      child.kill();
      for (line = child.line(); line.isPresent(); line = child.line()) {
        witness.hear(line.get());
      }
    }
  }
}

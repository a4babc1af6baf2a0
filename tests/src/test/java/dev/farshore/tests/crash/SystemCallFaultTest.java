package dev.farshore.tests.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.tests.crash.NativeShim.Fault;
import dev.farshore.tests.machine.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The file store in a process whose n-th forcing or writing system call fails, kills it, or writes
 * half. Sparse at higher n: {@code -Dcrash.calls=N} tries each up to N.
 */
@Tag("crash")
class SystemCallFaultTest {
  private static final int OPERATIONS = 250;
  private static final int KILLED = 137;

  @TempDir Path directory;
  private NativeShim shim;

  @BeforeEach
  void compileShim() throws IOException {
    Needs.programs("gcc");
    shim = new NativeShim(directory);
  }

  private static List<Integer> calls() {
    int all = Integer.getInteger("crash.calls", 0);
    if (all > 0) {
      return java.util.stream.IntStream.rangeClosed(1, all).boxed().toList();
    }
    return List.of(1, 2, 3, 4, 5, 7, 10, 14, 20, 31);
  }

  /** A run in a directory of its own; what the child said, and how it ended. */
  private record Run(Path place, LogWitness witness, int exitCode) {}

  private Run run(Fault fault, int call) throws IOException {
    Path place = Files.createDirectory(directory.resolve(fault + "-" + call));
    LogWitness witness = new LogWitness();
    List<String> arguments =
        List.of(
            StoreKind.FILE.name(),
            place.toString(),
            Integer.toString(call),
            Integer.toString(OPERATIONS),
            "false");
    try (Child child = Child.start(LogChild.class, shim.environment(fault, call), arguments)) {
      for (Optional<String> line = child.line(); line.isPresent(); line = child.line()) {
        witness.hear(line.get());
      }
      return new Run(place, witness, child.exitCode());
    }
  }

  /** Opens the log without faults, twice, and holds it to what was said of it. */
  private static void verify(Run run) throws IOException {
    for (int i = 0; i < 2; i++) {
      try (StoreKind.Opened opened = StoreKind.FILE.open(run.place(), () -> {})) {
        run.witness().verify(opened.log());
      }
    }
  }

  @Test
  void nothingIsAcknowledgedAfterAFailedForce() throws IOException {
    int failures = 0;
    for (int call : calls()) {
      Run run = run(Fault.FAIL_AT, call);
      boolean seen = run.witness().failed() || run.witness().refusals() > 0;
      assertTrue(seen, "a failed force was not seen, call " + call + ": " + run);
      assertEquals(0, run.exitCode(), "call " + call);
      failures += run.witness().failed() ? 1 : 0;
      verify(run);
    }
    assertTrue(failures >= 3, "only " + failures + " logs were poisoned while they were written");
  }

  @Test
  void everyAppendOutlivesAKillBeforeAForce() throws IOException {
    sweepKilled(Fault.KILL_AT);
  }

  @Test
  void everyAppendOutlivesAKillAfterHalfAWrite() throws IOException {
    sweepKilled(Fault.TORN_AT);
  }

  private void sweepKilled(Fault fault) throws IOException {
    long appended = 0;
    for (int call : calls()) {
      Run run = run(fault, call);
      assertEquals(KILLED, run.exitCode(), fault + " " + call);
      appended += run.witness().appended();
      verify(run);
    }
    assertTrue(appended > 0, "no run had appended anything when it was killed");
  }
}

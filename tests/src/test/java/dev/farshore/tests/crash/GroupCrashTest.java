package dev.farshore.tests.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.tests.crash.NativeShim.Fault;
import dev.farshore.tests.machine.Needs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A group's store, its log, folds, cuts and replaced images, in processes that are killed, or whose
 * system calls or devices fail. After any crash each volume is a prefix of its log. Longer with
 * {@code -Dcrash.seconds=N}, and {@code -Dcrash.calls=N} tries each call up to N.
 */
@Tag("crash")
class GroupCrashTest {
  private static final int ENDLESS = Integer.MAX_VALUE;
  private static final int OPERATIONS = 400;
  private static final int KILLED = 137;
  private static final int MOST_LINES = 1500;
  private static final int MOST_START_MILLIS = 80;

  @TempDir Path directory;

  private static List<String> arguments(Path place, long seed, int operations) {
    return List.of(place.toString(), Long.toString(seed), Integer.toString(operations));
  }

  private static void hearAll(Child child, GroupWitness witness) {
    for (Optional<String> line = child.line(); line.isPresent(); line = child.line()) {
      witness.hear(line.get());
    }
  }

  private static void verify(Path place, GroupWitness witness) throws IOException {
    try (GroupOnDisk group = GroupOnDisk.open(place, () -> {})) {
      witness.verify(group);
    }
  }

  @Test
  void everyAppendOutlivesItsProcess() throws IOException {
    long seed = Long.getLong("crash.seed", System.nanoTime());
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(Long.getLong("crash.seconds", 6));
    SplittableRandom random = new SplittableRandom(seed);
    GroupWitness witness = new GroupWitness();
    int round = 0;
    try {
      while (System.nanoTime() - until < 0 || round < 5) {
        killed(random, witness);
        round++;
        if (round % 3 == 0) {
          verify(directory, witness);
        }
      }
      verify(directory, witness);
    } catch (AssertionError | IOException e) {
      throw new AssertionError(
          "round " + round + " of -Dcrash.seed=" + seed + ": " + e.getMessage(), e);
    }
    System.out.printf("group: %d processes killed, %s%n", round, witness);
    assertTrue(witness.folds() > 0 && witness.appended() > 0, witness.toString());
  }

  private void killed(SplittableRandom random, GroupWitness witness) throws IOException {
    List<String> arguments = arguments(directory, random.nextLong(), ENDLESS);
    try (Child child = Child.start(GroupChild.class, Map.of(), arguments)) {
      Optional<String> line = child.line();
      line.ifPresent(witness::hear);
      if (random.nextInt(4) == 0) {
        child.line(random.nextInt(MOST_START_MILLIS)).ifPresent(witness::hear);
      } else {
        int lines = 1 + random.nextInt(MOST_LINES);
        for (int i = 0; i < lines && line.isPresent(); i++) {
          line = child.line();
          line.ifPresent(witness::hear);
        }
        assertTrue(line.isPresent(), () -> "the child ended by itself with " + child.exitCode());
      }
      child.kill();
      hearAll(child, witness);
    }
  }

  private static int[] calls() {
    int all = Integer.getInteger("crash.calls", 0);
    return all > 0
        ? java.util.stream.IntStream.rangeClosed(1, all).toArray()
        : new int[] {2, 17, 60};
  }

  /** The n-th forcing or writing system call fails, kills the process, or writes half. */
  @ParameterizedTest
  @EnumSource
  void everyVolumeIsAPrefixOfItsLogAfterASystemCallHasFailed(Fault fault) throws IOException {
    Needs.programs("gcc");
    NativeShim shim = new NativeShim(directory);
    for (int call : calls()) {
      Path place = Files.createDirectory(directory.resolve(fault + "-" + call));
      GroupWitness witness = new GroupWitness();
      List<String> arguments = arguments(place, call, OPERATIONS);
      try (Child child = Child.start(GroupChild.class, shim.environment(fault, call), arguments)) {
        hearAll(child, witness);
        if (fault == Fault.FAIL_AT) {
          boolean seen = witness.failed() || witness.refusals() > 0;
          assertTrue(seen, "a failed force was not seen, call " + call + ": " + witness);
        } else {
          assertEquals(KILLED, child.exitCode(), fault + " " + call);
        }
      }
      try {
        verify(place, witness);
        verify(place, witness);
      } catch (AssertionError | IOException e) {
        throw new AssertionError(fault + " at call " + call + ": " + e, e);
      }
    }
  }

  /**
   * The device writes nothing any more while the store works, and heals later.
   *
   * @param linesBefore what the child may say before
   */
  @ParameterizedTest
  @ValueSource(ints = {150, 1200})
  void everyVolumeIsAPrefixOfItsLogAfterTheDeviceFailedAndHealed(int linesBefore)
      throws IOException {
    GroupWitness witness = new GroupWitness();
    try (EioRig rig = EioRig.up(directory)) {
      Path place = Files.createDirectory(rig.mount().resolve("data"));
      try (Child child = Child.start(GroupChild.class, Map.of(), arguments(place, 1, ENDLESS))) {
        for (int i = 0; i < linesBefore; i++) {
          witness.hear(child.line().orElseThrow(() -> new AssertionError("ended too early")));
        }
        rig.breakDown();
        while (!witness.failed()) {
          witness.hear(child.line().orElseThrow(() -> new AssertionError("ended without a word")));
        }
        // It goes on asking for forces, which the kernel would now grant.
        rig.heal();
        child.line(300).ifPresent(witness::hear);
        child.kill();
        hearAll(child, witness);
      }
      // What only the page cache held is gone at any time now.
      witness.lostPageCache();
      try {
        verify(place, witness);
      } catch (IOException e) {
        System.out.println("the file system has given up: " + e);
        rig.repair();
        verify(place, witness);
      }
      // What the store has said it holds, it holds without the page cache.
      rig.remount();
      verify(place, witness);
    }
  }
}

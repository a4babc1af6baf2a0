package dev.farshore.tests.crash;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Writeback errors of the real kernel under ext4. The first force after the error fails, a second
 * one would succeed, the page cache shows bytes that the device never got: what was not forced
 * before must be written again before it is believed.
 */
@Tag("crash")
class WritebackErrorTest {
  private static final int ENDLESS = Integer.MAX_VALUE;

  @TempDir Path directory;

  /**
   * @param linesBefore what the child may say before the device breaks down
   */
  @ParameterizedTest
  @ValueSource(ints = {30, 300})
  void theLogTellsTheTruthAfterTheDeviceFailedAndHealed(int linesBefore) throws IOException {
    LogWitness witness = new LogWitness();
    try (EioRig rig = EioRig.up(directory)) {
      Path place = Files.createDirectory(rig.mount().resolve("data"));
      failDuringWork(rig, place, linesBefore, witness);
      rig.heal();
      recover(rig, place, witness);
      try (Child child = Child.start(LogChild.class, Map.of(), arguments(place, 2, 150))) {
        hearAll(child, witness);
        assertTrue(child.exitCode() == 0 && !witness.failed(), "does not work after healing");
      }
      rig.remount();
      try (StoreKind.Opened opened = StoreKind.FILE.open(place, () -> {})) {
        witness.verify(opened.log());
      }
    }
    System.out.println("device broke after " + linesBefore + " lines: " + witness);
  }

  private static List<String> arguments(Path place, int seed, int operations) {
    return List.of(
        StoreKind.FILE.name(),
        place.toString(),
        Integer.toString(seed),
        Integer.toString(operations),
        "false");
  }

  private static void failDuringWork(EioRig rig, Path place, int linesBefore, LogWitness witness)
      throws IOException {
    try (Child child = Child.start(LogChild.class, Map.of(), arguments(place, 1, ENDLESS))) {
      for (int i = 0; i < linesBefore; i++) {
        witness.hear(child.line().orElseThrow(() -> new AssertionError("ended too early")));
      }
      rig.breakDown();
      while (!witness.failed()) {
        witness.hear(child.line().orElseThrow(() -> new AssertionError("ended without a word")));
      }
      // It goes on asking for forces, which the kernel would now grant.
      rig.heal();
      Optional<String> line = child.line(500);
      line.ifPresent(witness::hear);
      rig.breakDown();
      child.kill();
      hearAll(child, witness);
    }
  }

  private static void hearAll(Child child, LogWitness witness) {
    for (Optional<String> line = child.line(); line.isPresent(); line = child.line()) {
      witness.hear(line.get());
    }
  }

  /** Opens the log over a page cache that lies, or, if ext4 has given up, over what is on disk. */
  private static void recover(EioRig rig, Path place, LogWitness witness) throws IOException {
    try (StoreKind.Opened opened = StoreKind.FILE.open(place, () -> {})) {
      witness.verify(opened.log());
    } catch (IOException e) {
      System.out.println("the file system has given up: " + e);
      rig.repair();
      witness.lostPageCache();
      try (StoreKind.Opened opened = StoreKind.FILE.open(place, () -> {})) {
        witness.verify(opened.log());
      }
    }
  }
}

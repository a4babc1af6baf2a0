package dev.farshore.log.file;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.RecoveryReport;
import dev.farshore.log.disk.DiskFaults;
import dev.farshore.log.disk.DiskFaults.Call;
import dev.farshore.log.disk.DiskTiming;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Long random lives of a log, with many deaths, power cuts and failing disks, from seeds. */
class RandomCrashTest {

  private static final long FIRST_SEED = Long.getLong("farshore.crash.seed", 1);
  private static final int SEEDS = Integer.getInteger("farshore.crash.seeds", 300);
  private static final int STEPS = 60;

  /** How often each rare state was met; a test that never meets one proves nothing about it. */
  private final Map<String, Integer> met = new TreeMap<>();

  @Test
  void theLogKeepsItsPromisesOverManyCrashes() {
    for (long seed = FIRST_SEED; seed < FIRST_SEED + SEEDS; seed++) {
      try {
        live(seed);
      } catch (IOException | RuntimeException | AssertionError e) {
        throw new AssertionError("farshore.crash.seed=" + seed + ": " + e, e);
      }
    }
    for (String state :
        Set.of(
            "torn tail",
            "dropped record",
            "rewritten record",
            "poisoned",
            "power loss",
            "recovery cut short")) {
      assertTrue(met.getOrDefault(state, 0) > 0, "never met: " + state + " in " + met);
    }
  }

  private void meet(String state, boolean now) {
    if (now) {
      met.merge(state, 1, Integer::sum);
    }
  }

  private void live(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed * 1_000_003);
    DiskTiming timing = random.nextBoolean() ? DiskTiming.SHUFFLED : DiskTiming.SOLID_STATE;
    CrashedLog log = new CrashedLog(seed, timing);
    log.create();
    for (int step = 0; step < STEPS; step++) {
      if (random.nextInt(8) == 0) {
        arm(random, log.faults());
      }
      try {
        act(random, log);
      } catch (DiskFaults.PowerLoss e) {
        meet("power loss", true);
        crash(random, log);
      } catch (IOException e) {
        assertTrue(log.faults().failures() > 0, e.toString());
        meet("poisoned", log.log() != null && log.log().failure().isPresent());
        log.requirePoisoned();
        crash(random, log);
      }
    }
    log.faults().heal();
    log.processDeath();
    log.recover();
  }

  private static void act(SplittableRandom random, CrashedLog log) throws IOException {
    switch (random.nextInt(16)) {
      case 0, 1, 2 -> log.append(random.nextInt(1, 4), random.nextInt(1, 3_000));
      case 3, 4 -> log.append(1, random.nextInt(1, 20_000));
      case 5 -> log.append(2, random.nextInt(20_000, 60_000));
      case 6, 7, 8 -> log.force();
      case 9 -> log.free();
      case 10 -> log.cut();
      case 11 -> log.reopen();
      case 12 -> log.stage(random.nextInt(1, 30), random.nextInt(1, 8_000));
      case 13 -> log.replicate(random.nextInt(1, 4));
      default -> log.pass();
    }
  }

  private static void arm(SplittableRandom random, DiskFaults faults) {
    Call[] calls = Call.values();
    EnumSet<Call> kinds =
        random.nextBoolean()
            ? EnumSet.allOf(Call.class)
            : EnumSet.of(calls[random.nextInt(calls.length)]);
    long n = random.nextInt(1, 40);
    switch (random.nextInt(4)) {
      case 0 -> faults.failOnce(kinds, n);
      case 1 -> faults.failFrom(kinds, n);
      default -> faults.losePowerAt(n);
    }
  }

  private void crash(SplittableRandom random, CrashedLog log) throws IOException {
    switch (random.nextInt(3)) {
      case 0 -> log.powerCut();
      case 1 -> log.processDeath();
      default -> {
        log.processDeath();
        log.platter.dropCaches();
      }
    }
    log.faults().heal();
    while (random.nextInt(3) == 0) {
      meet("recovery cut short", log.recoveryLosesPowerAt(random.nextInt(1, 40)));
    }
    log.recover();
    RecoveryReport report = log.log().recovery();
    meet("torn tail", report.tornBytes() > 0);
    meet("dropped record", report.droppedRecords() > 0);
    meet("rewritten record", report.rewrittenRecords() > 0);
    meet("clean", report.clean());
  }
}

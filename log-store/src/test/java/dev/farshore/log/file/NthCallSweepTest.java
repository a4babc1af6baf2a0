package dev.farshore.log.file;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.disk.DiskFaults;
import dev.farshore.log.disk.DiskFaults.Call;
import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Every workload of up to three calls, with the n-th call to the disk failing, once or from then
 * on, or the power going off at it, for every n (after SQLite's I/O error tests and the bounded
 * workloads of ACE). Afterwards the log must hold what it promised.
 */
class NthCallSweepTest {

  private enum Step {
    APPEND,
    APPEND_LARGE,
    FORCE,
    FREE,
    CUT,
    CLOSE;

    void run(CrashedLog log) throws IOException {
      switch (this) {
        case APPEND -> log.append(2, 3_000);
        case APPEND_LARGE -> log.append(1, 45_000);
        case FORCE -> log.force();
        case FREE -> log.free();
        case CUT -> log.cut();
        case CLOSE -> log.reopen();
      }
    }
  }

  private enum Fault {
    FAIL_ONCE,
    FAIL_FROM_THEN_ON,
    POWER_CUT;

    void arm(DiskFaults faults, long n) {
      switch (this) {
        case FAIL_ONCE -> faults.failOnce(EnumSet.allOf(Call.class), n);
        case FAIL_FROM_THEN_ON -> faults.failFrom(EnumSet.allOf(Call.class), n);
        case POWER_CUT -> faults.losePowerAt(n);
      }
    }
  }

  private long runs;
  private long failedRuns;

  private static List<List<Step>> workloads(int length) {
    List<List<Step>> all = new ArrayList<>(List.of(List.of()));
    for (int i = 0; i < length; i++) {
      List<List<Step>> longer = new ArrayList<>();
      for (List<Step> steps : all) {
        for (Step step : Step.values()) {
          List<Step> next = new ArrayList<>(steps);
          next.add(step);
          longer.add(next);
        }
      }
      all = longer;
    }
    return all;
  }

  /** Every n, until the workload is through before the n-th call. */
  private void sweep(List<Step> workload, Fault fault, DiskTiming timing) {
    long n = 1;
    while (run(workload, fault, timing, n)) {
      n++;
    }
  }

  private boolean run(List<Step> workload, Fault fault, DiskTiming timing, long n) {
    try {
      return runUnnamed(workload, fault, timing, n);
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError(workload + " " + fault + " at call " + n + ": " + e, e);
    }
  }

  private boolean runUnnamed(List<Step> workload, Fault fault, DiskTiming timing, long n)
      throws IOException {
    CrashedLog log = new CrashedLog(n * 31 + fault.ordinal(), timing);
    if (!workload.isEmpty()) {
      // The faults of creation are those of the empty workload.
      log.create();
    }
    long before = log.faults().calls();
    fault.arm(log.faults(), n);
    runs++;
    try {
      if (workload.isEmpty()) {
        log.create();
      }
      for (Step step : workload) {
        step.run(log);
      }
    } catch (DiskFaults.PowerLoss e) {
      failedRuns++;
    } catch (IOException e) {
      failedRuns++;
      assertTrue(log.faults().failures() > 0, e.toString());
    }
    final boolean reached = log.faults().calls() - before >= n;
    if (fault == Fault.POWER_CUT) {
      log.powerCut();
    } else {
      log.processDeath();
    }
    log.recover();
    // What the log says it holds now, it holds: without the page cache, and after a power cut.
    LogPosition position = log.log().last();
    log.platter.dropCaches();
    log.powerCut();
    log.recover();
    log.requireSameAs(position);
    return reached;
  }

  private void sweepAll(int length, DiskTiming timing) {
    for (List<Step> workload : workloads(length)) {
      for (Fault fault : Fault.values()) {
        sweep(workload, fault, timing);
      }
    }
    assertTrue(failedRuns > runs / 3, failedRuns + " of " + runs + " runs met their fault");
  }

  @Test
  void everyWorkloadOfUpToTwoCallsSurvivesEveryFault() {
    for (int length = 0; length <= 2; length++) {
      sweepAll(length, DiskTiming.SHUFFLED);
    }
  }

  @Test
  void everyWorkloadOfThreeCallsSurvivesEveryFault() {
    sweepAll(3, DiskTiming.SOLID_STATE);
  }

  /** The power goes off at every call of a recovery, and again at every call of the next (L6). */
  @Test
  void aRecoveryThatIsCutShortIsRepeated() throws IOException {
    int recoveries = 0;
    for (List<Step> workload : workloads(2)) {
      boolean reached = true;
      for (long n = 1; reached; n++) {
        CrashedLog log = new CrashedLog(n, DiskTiming.SOLID_STATE);
        log.create();
        for (Step step : workload) {
          step.run(log);
        }
        log.append(1, 5_000);
        log.processDeath();
        reached = log.recoveryLosesPowerAt(n);
        log.recoveryLosesPowerAt(1 + n * 7 % 20);
        log.recover();
        recoveries++;
      }
    }
    assertTrue(recoveries > 500, "only " + recoveries + " recoveries were cut short");
  }
}

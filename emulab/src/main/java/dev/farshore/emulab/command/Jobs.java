package dev.farshore.emulab.command;

import dev.farshore.emulab.plan.Plan;
import dev.farshore.emulab.testbed.Testbed;
import java.lang.management.ManagementFactory;

/**
 * How many runs of a plan go on beside each other.
 *
 * @param processors that the runs may use
 * @param heapBytes that they may fill
 */
record Jobs(int processors, long heapBytes) {

  private static final long MEBI = 1 << 20;

  /** As {@code emulab/bin/emulab} starts runs: a part of the machine's memory, in percent. */
  private static final int HEAP_PERCENT = 60;

  /** What this process has. */
  static Jobs here() {
    Runtime runtime = Runtime.getRuntime();
    return new Jobs(runtime.availableProcessors(), runtime.maxMemory());
  }

  /** What {@code emulab run} would have on this machine. */
  static Jobs ofRuns() {
    long memory =
        ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
            .getTotalMemorySize();
    return new Jobs(Runtime.getRuntime().availableProcessors(), memory / 100 * HEAP_PERCENT);
  }

  /** Where nothing is said. */
  int usual(Plan plan, Testbed.Kind kind, boolean quick) {
    if (kind == Testbed.Kind.LIVE || plan.experiment().weighsMachine()) {
      return 1;
    }
    return Math.max(1, Math.min(processors, held(plan, quick)));
  }

  private int held(Plan plan, boolean quick) {
    return (int) Math.min(Integer.MAX_VALUE, heapBytes / plan.runs().memory().of(quick));
  }

  /**
   * So many as are asked for.
   *
   * @throws IllegalArgumentException if that cannot be, for people
   */
  int asked(int jobs, Plan plan, Testbed.Kind kind, boolean quick) {
    if (jobs < 1) {
      throw new IllegalArgumentException("--jobs " + jobs + ": at least 1");
    }
    if (jobs > 1 && kind == Testbed.Kind.LIVE) {
      throw new IllegalArgumentException(
          "--jobs "
              + jobs
              + ": live runs go one after the other, or they would disturb each other");
    }
    if (jobs > 1 && plan.experiment().weighsMachine()) {
      throw new IllegalArgumentException(
          "--jobs "
              + jobs
              + ": "
              + plan.name()
              + " measures processor time and memory, which runs beside each other would disturb");
    }
    if (jobs > 1 && jobs > held(plan, quick)) {
      long each = plan.runs().memory().of(quick) / MEBI;
      throw new IllegalArgumentException(
          "--jobs "
              + jobs
              + ": a run of "
              + plan.name()
              + " may take "
              + each
              + " MiB, and the heap has "
              + heapBytes / MEBI
              + ": FARSHORE_JAVA_OPTS=-Xmx"
              + Math.multiplyExact(jobs, each)
              + "m would do, if the machine has them");
    }
    return jobs;
  }
}

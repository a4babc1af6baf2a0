package dev.farshore.emulab.command;

import dev.farshore.agent.config.Quantity;
import dev.farshore.emulab.plan.Kinds;
import dev.farshore.emulab.plan.Plan;
import dev.farshore.emulab.results.RefusedException;
import dev.farshore.emulab.results.ResultsDirectory;
import dev.farshore.emulab.results.RunFiles;
import dev.farshore.emulab.results.RunRecord;
import dev.farshore.emulab.testbed.Testbed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** How long a plan will take on this machine, as far as that is known. */
final class Expected {

  private static final double MILLIS = 1000;

  /**
   * What a further run beside others adds to the work of one alone, measured with two on two
   * processors: the collector of one alone has a processor for itself.
   */
  private static final double FURTHER_JOB = 0.45;

  private Expected() {}

  /** Where the runs of a plan are kept if nothing else is said. */
  static Path usualPlace(Plan plan, Testbed.Kind kind, boolean quick) {
    String chosen = plan.runs().chosen().toString().replaceAll("[^A-Za-z0-9.%+=,-]", "_");
    return Path.of(
        "results",
        plan.name()
            + "-"
            + Kinds.word(kind)
            + (quick ? "-quick" : "")
            + (chosen.isEmpty() ? "" : "-" + chosen));
  }

  /**
   * By the runs that are in the usual place, as many at a time as they were; without them, what the
   * plan says, with the usual number of jobs.
   */
  static Optional<Duration> time(Plan plan, Testbed.Kind kind, boolean quick) throws IOException {
    Path place = usualPlace(plan, kind, quick);
    if (Files.isDirectory(place)) {
      try {
        List<RunFiles> runs = ResultsDirectory.read(place).runs();
        if (!runs.isEmpty()) {
          double seconds =
              runs.stream().mapToDouble(run -> share(run.record().circumstances())).sum();
          double all = seconds / runs.size() * plan.runs().extent(quick).runs();
          return Optional.of(Duration.ofMillis(Math.round(all * MILLIS)));
        }
      } catch (RefusedException e) {
        // No results there: something else of that name.
        return said(plan, kind, quick);
      }
    }
    return said(plan, kind, quick);
  }

  /** Of the time that the runs took together. */
  private static double share(RunRecord.Circumstances one) {
    return one.seconds() / Math.max(1, one.jobs());
  }

  private static Optional<Duration> said(Plan plan, Testbed.Kind kind, boolean quick) {
    return plan.runs()
        .takes(kind, quick)
        .map(text -> Duration.ofNanos(Quantity.DURATION.parse(text)))
        .map(alone -> beside(alone, Jobs.ofRuns().usual(plan, kind, quick)));
  }

  private static Duration beside(Duration alone, int jobs) {
    double faster = 1 + (jobs - 1) * FURTHER_JOB;
    return Duration.ofMillis(Math.round(alone.toMillis() / faster));
  }
}

package dev.farshore.emulab.bench;

import dev.farshore.emulab.experiment.Point;
import dev.farshore.emulab.results.RunRecord;
import java.time.Duration;
import java.util.Optional;

/** Hears how the runs of a plan go on, on the thread that runs them. */
public interface Progress {

  /**
   * @param done runs that need not be run any more
   * @param total runs
   * @param remaining as far as finished runs tell
   */
  void begins(Point point, int repetition, int done, int total, Optional<Duration> remaining);

  void ended(RunRecord record);
}

package dev.farshore.emulab.bench;

import dev.farshore.emulab.experiment.Point;
import dev.farshore.emulab.results.RunRecord;
import java.time.Duration;
import java.util.Optional;

/** Hears how the runs of a plan go on, on the thread that ordered them. */
public interface Progress {

  /**
   * @param done runs that need not be run any more
   * @param total runs
   * @param remaining as far as finished runs tell, with as many beside each other as were ordered
   */
  record Standing(int done, int total, Optional<Duration> remaining) {}

  /** Another one begins; others may be going on. */
  void begins(Point point, int repetition, Standing standing);

  /** It is kept; others may be going on. */
  void ended(RunRecord record, Standing standing);
}

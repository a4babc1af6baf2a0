package dev.farshore.emulab.report;

import dev.farshore.emulab.bench.Progress;
import dev.farshore.emulab.experiment.Point;
import dev.farshore.emulab.results.RunRecord;
import java.time.Duration;
import java.util.Optional;

/** Progress that nobody looks at. */
final class Silence implements Progress {
  @Override
  public void begins(
      Point point, int repetition, int done, int total, Optional<Duration> remaining) {}

  @Override
  public void ended(RunRecord record) {}
}

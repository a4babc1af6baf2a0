package dev.farshore.emulab.report;

import dev.farshore.emulab.bench.Progress;
import dev.farshore.emulab.experiment.Point;
import dev.farshore.emulab.results.RunRecord;

/** Nobody watches. */
public final class Silence implements Progress {

  @Override
  public void begins(Point point, int repetition, Standing standing) {}

  @Override
  public void ended(RunRecord record, Standing standing) {}
}

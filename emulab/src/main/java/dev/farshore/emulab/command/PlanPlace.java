package dev.farshore.emulab.command;

import dev.farshore.emulab.experiment.Experiments;
import dev.farshore.emulab.plan.Plans;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Where the plans are. */
final class PlanPlace {

  private PlanPlace() {}

  /** The launcher says where; without it, those of the current directory's repository. */
  static Plans plans() {
    String place = System.getenv("FARSHORE_PLANS");
    return new Plans(Path.of(place == null ? "emulab/plans" : place), Experiments.ALL);
  }

  /** What an exception of the file system means, for its message may be a bare file name. */
  static String said(IOException fault) {
    return fault instanceof NoSuchFileException ? "no file " + fault.getMessage() : "" + fault;
  }
}

package dev.farshore.emulab.bench;

import dev.farshore.emulab.experiment.Samples;
import dev.farshore.emulab.testbed.Outcome;
import dev.farshore.emulab.testbed.Testbed;
import dev.farshore.emulab.testbed.Trial;
import java.io.IOException;

/** A testbed whose invalid outcomes make the run invalid, whatever the experiment does. */
record WatchedTestbed(Testbed testbed, Samples samples) implements Testbed {

  @Override
  public Kind kind() {
    return testbed.kind();
  }

  @Override
  public Hosts hosts() {
    return testbed.hosts();
  }

  @Override
  public Outcome run(Trial trial, long seed) throws IOException, InterruptedException {
    Outcome outcome = testbed.run(trial, seed);
    if (!outcome.invalid().isBlank()) {
      samples.invalid(outcome.invalid());
    }
    return outcome;
  }
}

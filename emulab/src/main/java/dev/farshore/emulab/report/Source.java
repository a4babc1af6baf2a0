package dev.farshore.emulab.report;

import dev.farshore.emulab.plan.Kinds;
import dev.farshore.emulab.results.About;
import dev.farshore.emulab.results.RunFiles;
import dev.farshore.emulab.testbed.Testbed;
import java.util.List;

/**
 * The runs of one directory.
 *
 * @param name for legends and headings, where there are several: {@code sim}, {@code live}
 */
public record Source(String name, About about, List<RunFiles> runs) {
  public Source {
    runs = List.copyOf(runs);
  }

  Testbed.Kind kind() {
    return Kinds.named(about.testbed()).orElseThrow();
  }

  List<RunFiles> invalid() {
    return runs.stream().filter(run -> !run.record().isValid()).toList();
  }
}

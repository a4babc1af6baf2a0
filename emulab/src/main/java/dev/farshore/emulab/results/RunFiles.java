package dev.farshore.emulab.results;

import java.util.List;

/**
 * One run with its figures, as its directory holds it.
 *
 * @param samples what follows from the seed, on the simulated testbed
 * @param machine what the speed of the machine decides
 */
public record RunFiles(RunRecord record, List<Sample> samples, List<Sample> machine) {
  public RunFiles {
    samples = List.copyOf(samples);
    machine = List.copyOf(machine);
  }
}

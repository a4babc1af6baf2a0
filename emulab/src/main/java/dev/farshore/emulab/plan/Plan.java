package dev.farshore.emulab.plan;

import dev.farshore.emulab.experiment.Experiment;
import dev.farshore.emulab.testbed.Testbed;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is to be run, and how it is shown.
 *
 * @param name of its file, without {@code .toml}
 * @param text of its file
 */
public record Plan(
    String name, Experiment experiment, Words words, Runs runs, List<Plot> plots, String text) {

  public Plan {
    plots = List.copyOf(plots);
  }

  /**
   * @param question one sentence
   * @param paper what the paper shows, with its figure
   */
  public record Words(String title, String question, String paper) {}

  /**
   * @param seed from which those of all runs follow
   * @param chosen which values of both extents are not the plan's own
   * @param quickTestbeds where the quick extent is run
   * @param takes how long it took where it was measured, one run after the other, by {@code sim},
   *     {@code live}, {@code quick-sim}, {@code quick-live}; as text
   * @param memory heap that a simulated run of it needs, at the most
   */
  public record Runs(
      long seed,
      Extent full,
      Extent quick,
      ChosenValues chosen,
      Set<Testbed.Kind> quickTestbeds,
      Map<String, String> takes,
      Memory memory) {

    /** In bytes, of a run of each extent. */
    public record Memory(long full, long quick) {
      public long of(boolean isQuick) {
        return isQuick ? quick : full;
      }
    }

    public Extent extent(boolean isQuick) {
      return isQuick ? quick : full;
    }

    /** Nothing is known of it with other values. */
    public Optional<String> takes(Testbed.Kind kind, boolean isQuick) {
      if (!chosen.isEmpty()) {
        return Optional.empty();
      }
      return Optional.ofNullable(takes.get((isQuick ? "quick-" : "") + Kinds.word(kind)));
    }
  }
}

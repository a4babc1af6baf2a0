package dev.farshore.emulab.plan;

import dev.farshore.agent.config.ConfigException;
import dev.farshore.emulab.experiment.Experiment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The plans of a directory.
 *
 * @param directory of {@code NAME.toml}
 * @param known experiments that they may name
 */
public record Plans(Path directory, List<Experiment> known) {

  private static final String SUFFIX = ".toml";

  public Plans {
    known = List.copyOf(known);
  }

  /** In alphabetical order. */
  public List<String> names() throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .sorted()
          .toList();
    }
  }

  /** As it is. */
  public Plan read(String plan) throws IOException, ConfigException {
    return read(plan, ChosenValues.NONE);
  }

  /**
   * @param plan its name, or the path of a file that ends in {@code .toml}
   * @param chosen in place of what it says
   * @throws ConfigException if there is none, or with all that is wrong with it
   */
  public Plan read(String plan, ChosenValues chosen) throws IOException, ConfigException {
    boolean isPath = plan.endsWith(SUFFIX);
    Path file = isPath ? Path.of(plan) : directory.resolve(plan + SUFFIX);
    if (!isPath && !names().contains(plan)) {
      throw new ConfigException(
          List.of("no plan '" + plan + "' in " + directory + PlanReader.hint(plan, names())));
    }
    if (!Files.exists(file)) {
      throw new ConfigException(List.of("no file " + file));
    }
    String name = file.getFileName().toString();
    return PlanReader.read(
        name.substring(0, name.length() - SUFFIX.length()),
        Files.readString(file) + chosen.table().orElse(""),
        file.toString(),
        known);
  }
}

package dev.farshore.tests.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The simulation notices each of the ways in which the product is broken on purpose. */
class MutantTest {
  /** Where to look for a seed that kills a mutant when those that are known to do it do not. */
  private static final int SEARCHED = 120;

  private static final int THREADS = 2;
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  @Test
  void noMutantSurvives() throws InterruptedException, ExecutionException {
    List<Future<Optional<String>>> fates = new ArrayList<>();
    List<String> survivors = new ArrayList<>();
    StringBuilder report = new StringBuilder();
    try (ExecutorService workers = Executors.newFixedThreadPool(THREADS)) {
      for (Mutants.Target target : Mutants.all()) {
        fates.add(workers.submit(() -> kill(target)));
      }
      for (int i = 0; i < fates.size(); i++) {
        String name = Mutants.all().get(i).mutant().name();
        Optional<String> killed = fates.get(i).get();
        report.append(String.format("%s: %s%n", name, killed.orElse("SURVIVES")));
        if (killed.isEmpty()) {
          survivors.add(name);
        }
      }
    }
    System.out.print(report);
    assertEquals(List.of(), survivors, report.toString());
  }

  /** The worlds that kill mutants are not broken themselves. */
  @Test
  void theSameSeedsSpareTheProduct() {
    for (Mutants.Target target : Mutants.all()) {
      target.seeds().forEach(seed -> Simulation.run(seed, theme(target)));
    }
  }

  private static String theme(Mutants.Target target) {
    return target.theme().map(Theme::name).orElse("");
  }

  private static Optional<String> kill(Mutants.Target target) throws IOException {
    MutantRun mutant = new MutantRun(target.mutant(), ROOT);
    List<Long> seeds = new ArrayList<>(target.seeds());
    for (long seed = 1; seed <= SEARCHED; seed++) {
      if (!seeds.contains(seed)) {
        seeds.add(seed);
      }
    }
    for (long seed : seeds) {
      String by = mutant.run(seed, theme(target));
      if (!by.isEmpty()) {
        return Optional.of(String.format("seed %d, %s", seed, by));
      }
    }
    return Optional.empty();
  }
}

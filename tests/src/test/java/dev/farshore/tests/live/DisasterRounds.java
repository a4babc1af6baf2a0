package dev.farshore.tests.live;

import dev.farshore.tests.live.LiveDisaster.Figures;
import dev.farshore.tests.live.LiveDisaster.Loss;
import dev.farshore.tests.live.LiveDisaster.Terms;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Many rounds of {@link LiveDisaster}, one line each.
 *
 * <pre>
 *   DisasterRounds DIRECTORY ROUNDS FIRST-SEED WRITES RATE-IN-KBIT MODE independent|bursts|both
 * </pre>
 *
 * <p>A round in which the client kept less than 70 % of the rate busy does not count, and is
 * repeated with three quarters of the rate. Exits with 1 if a write is missing that was
 * acknowledged; the sites of that round are kept.
 */
final class DisasterRounds {
  private static final int ATTEMPTS = 4;

  private final Path directory;
  private final long writes;
  private final String mode;
  private long rateBits;
  private int held;
  private int broken;
  private int idle;
  private long acknowledged;
  private long missing;

  private DisasterRounds(Path directory, long writes, long rateBits, String mode) {
    this.directory = directory;
    this.writes = writes;
    this.rateBits = rateBits;
    this.mode = mode;
  }

  public static void main(String[] args) throws Exception {
    DisasterRounds all =
        new DisasterRounds(
            Path.of(args[0]), Long.parseLong(args[3]), Long.parseLong(args[4]) * 1000, args[5]);
    List<Loss> losses =
        args[6].equals("both")
            ? List.of(Loss.values())
            : List.of(Loss.valueOf(args[6].toUpperCase(Locale.ROOT)));
    int first = Integer.parseInt(args[2]);
    for (int seed = first; seed < first + Integer.parseInt(args[1]); seed++) {
      for (Loss loss : losses) {
        all.round(loss, seed);
      }
    }
    System.exit(all.summary() ? 0 : 1);
  }

  private void round(Loss loss, int seed) throws Exception {
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      Path sites = directory.resolve(loss + "-" + seed + "-" + attempt);
      Figures figures = LiveDisaster.run(sites, new Terms(loss, mode, rateBits, writes, seed));
      System.out.println(figures);
      figures.wrong().stream().limit(5).forEach(line -> System.out.println("    " + line));
      acknowledged += figures.acknowledged();
      missing += figures.wrong().size();
      if (!figures.wrong().isEmpty()) {
        broken++;
        System.out.println("    the sites are in " + sites);
        return;
      }
      delete(sites);
      if (figures.busy()) {
        held++;
        return;
      }
      rateBits = rateBits / 4 * 3;
      System.out.println(
          "    does not count: the link was not busy; from now on at "
              + rateBits / 1e6
              + " Mbit/s");
    }
    idle++;
  }

  private static void delete(Path tree) throws IOException {
    try (Stream<Path> files = Files.walk(tree)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }

  private boolean summary() {
    System.out.printf(
        Locale.ROOT,
        "%d rounds held, %d lost acknowledged writes, %d never kept the link busy;"
            + " %d acknowledged writes, %d missing%n",
        held,
        broken,
        idle,
        acknowledged,
        missing);
    return broken == 0 && idle == 0;
  }
}

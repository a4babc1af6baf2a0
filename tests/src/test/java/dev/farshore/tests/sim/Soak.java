package dev.farshore.tests.sim;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.LongFunction;

/**
 * As many seeds as one has time for, by hand: {@code tests/bin/soak}. Says how far it is, and in
 * the end which rare states were reached, which seeds took longest, and how to replay those that
 * failed.
 */
public final class Soak {
  private static final long PROGRESS_NANOS = 15_000_000_000L;
  private static final int SLOWEST = 5;

  private final long count;
  private final long begunNanos = System.nanoTime();
  private long toldNanos = begunNanos;
  private long ended;
  private long failed;

  private Soak(long count) {
    this.count = count;
  }

  /**
   * First seed, number of seeds, number of threads, and a theme of all worlds if there is a fourth.
   * Exit code: 0 if all held, 1 if not.
   */
  public static void main(String[] arguments) throws InterruptedException {
    long from = Long.parseLong(arguments[0]);
    long count = Long.parseLong(arguments[1]);
    Soak soak = new Soak(count);
    List<Campaign.Ran> seeds =
        new Campaign(from, count, scenarios(arguments), Integer.MAX_VALUE, soak::ran)
            .run(Integer.parseInt(arguments[2]));
    System.out.print(soak.summary(seeds));
    System.exit(seeds.stream().anyMatch(Campaign.Ran::failed) ? 1 : 0);
  }

  private static LongFunction<Scenario> scenarios(String[] arguments) {
    if (arguments.length < 4) {
      return Swarm::scenario;
    }
    Theme theme = Theme.valueOf(arguments[3].toUpperCase(Locale.ROOT));
    return seed -> Swarm.scenario(seed, theme);
  }

  private synchronized void ran(Campaign.Ran seed) {
    ended++;
    if (seed.failed()) {
      failed++;
      String first = seed.failure().lines().findFirst().orElseThrow();
      System.out.println(count == 1 ? seed.failure() : "seed " + seed.seed() + ": " + first);
    }
    if (System.nanoTime() - toldNanos >= PROGRESS_NANOS) {
      toldNanos = System.nanoTime();
      System.out.printf("%,d of %,d seeds, %d failed, %d s%n", ended, count, failed, seconds());
    }
  }

  private long seconds() {
    return (System.nanoTime() - begunNanos) / 1_000_000_000L;
  }

  private String summary(List<Campaign.Ran> seeds) {
    StringBuilder text = new StringBuilder();
    text.append(Campaign.rarities(seeds)).append('\n');
    List<Campaign.Ran> slowest = new ArrayList<>(seeds);
    slowest.sort(Comparator.comparingLong(Campaign.Ran::wallNanos).reversed());
    text.append("slowest:\n");
    for (Campaign.Ran ran : slowest.subList(0, Math.min(SLOWEST, slowest.size()))) {
      text.append(
          String.format(
              "  seed %d: %,d ms, %,d steps%n",
              ran.seed(), ran.wallNanos() / 1_000_000, ran.outcome().steps()));
    }
    long steps = seeds.stream().mapToLong(ran -> ran.outcome().steps()).sum();
    long virtual = seeds.stream().mapToLong(ran -> ran.outcome().virtualNanos()).sum();
    long replies = seeds.stream().mapToLong(ran -> ran.outcome().acknowledged()).sum();
    text.append(
        String.format(
            "%,d seeds, %d failed, in %d s; %,d s of virtual time, %,d steps, %,d replies%n",
            seeds.size(), failed, seconds(), virtual / 1_000_000_000L, steps, replies));
    if (!Campaign.neverReached(seeds).isEmpty()) {
      text.append("never reached: ").append(Campaign.neverReached(seeds)).append('\n');
    }
    for (Campaign.Ran ran : seeds) {
      if (ran.failed()) {
        text.append("again: ").append(SimulationFailure.again(ran.seed())).append('\n');
      }
    }
    return text.toString();
  }
}

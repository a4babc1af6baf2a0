package dev.farshore.tests.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/**
 * Many seeds, on several threads. A seed has one thread to itself and shares nothing with the
 * others, so what it does depends neither on how many there are nor on their order.
 */
final class Campaign {

  /**
   * What became of one seed.
   *
   * @param failure what broke, and how to see it again; empty if nothing did
   */
  record Ran(long seed, long wallNanos, Simulation.Outcome outcome, String failure) {
    boolean failed() {
      return !failure.isEmpty();
    }
  }

  /** Told of each seed that has ended, on the thread that ran it. */
  @FunctionalInterface
  interface Listener {
    void ran(Ran seed);
  }

  private final long from;
  private final long count;
  private final LongFunction<Scenario> scenarios;
  private final int mostFailures;
  private final Listener listener;
  private final AtomicLong next = new AtomicLong();
  private final AtomicInteger failures = new AtomicInteger();

  /**
   * @param from first seed
   * @param mostFailures no new seed is begun once that many have failed
   */
  Campaign(long from, long count, int mostFailures, Listener listener) {
    this(from, count, Swarm::scenario, mostFailures, listener);
  }

  /**
   * @param scenarios the world of each seed
   */
  Campaign(
      long from,
      long count,
      LongFunction<Scenario> scenarios,
      int mostFailures,
      Listener listener) {
    this.scenarios = scenarios;
    this.from = from;
    this.count = count;
    this.mostFailures = mostFailures;
    this.listener = listener;
  }

  /** Runs them all, and returns what became of each, in the order of seeds. */
  List<Ran> run(int threads) throws InterruptedException {
    List<Ran> all = new ArrayList<>();
    try (ExecutorService workers = Executors.newFixedThreadPool(threads)) {
      List<Future<List<Ran>>> parts = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        parts.add(workers.submit(this::work));
      }
      for (Future<List<Ran>> part : parts) {
        all.addAll(part.get());
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException("a seed ended without a verdict", e.getCause());
    }
    all.sort(Comparator.comparingLong(Ran::seed));
    return all;
  }

  private List<Ran> work() {
    List<Ran> mine = new ArrayList<>();
    for (long i = next.getAndIncrement();
        i < count && failures.get() < mostFailures;
        i = next.getAndIncrement()) {
      Ran ran = runOne(from + i);
      mine.add(ran);
      listener.ran(ran);
    }
    return mine;
  }

  private Ran runOne(long seed) {
    long begun = System.nanoTime();
    try {
      Simulation.Outcome outcome = Simulation.run(scenarios.apply(seed));
      return new Ran(seed, System.nanoTime() - begun, outcome, "");
    } catch (SimulationFailure e) {
      failures.incrementAndGet();
      return new Ran(seed, System.nanoTime() - begun, Simulation.Outcome.NONE, e.getMessage());
    }
  }

  /** Rare states that none of them reached; they show little about those. */
  static List<Rare> neverReached(List<Ran> seeds) {
    Rarities all = rarities(seeds);
    return Arrays.stream(Rare.values()).filter(state -> all.count(state) == 0).toList();
  }

  /** How often each rare state was reached in all of them. */
  static Rarities rarities(List<Ran> seeds) {
    Rarities all = new Rarities();
    seeds.forEach(ran -> all.addAll(ran.outcome().rarities()));
    return all;
  }
}

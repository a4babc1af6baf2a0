package dev.farshore.tests.sim;

import java.util.List;
import java.util.SplittableRandom;

/**
 * Choices that follow from a seed. Each part of the world has a fork of its own, so that one more
 * choice in one part leaves the others as they were.
 */
final class Entropy {
  private final SplittableRandom random;

  Entropy(long seed) {
    this(new SplittableRandom(seed));
  }

  private Entropy(SplittableRandom random) {
    this.random = random;
  }

  Entropy fork() {
    return new Entropy(random.split());
  }

  /** A generator for a part of the product, which then belongs to that part. */
  SplittableRandom generator() {
    return random.split();
  }

  /** 0 to {@code bound - 1}. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** Both ends included. */
  long between(long low, long high) {
    return low + random.nextLong(high - low + 1);
  }

  /** Both ends included, every order of magnitude as likely as any other. */
  long spread(long low, long high) {
    double exponent =
        StrictMath.log(low) + random.nextDouble() * StrictMath.log((double) high / low);
    return Math.clamp(Math.round(StrictMath.exp(exponent)), low, high);
  }

  /** Time until an event of a process that has one every {@code mean} on average; 1 or more. */
  long exponential(long mean) {
    return 1 + (long) (-StrictMath.log(1 - random.nextDouble()) * mean);
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}

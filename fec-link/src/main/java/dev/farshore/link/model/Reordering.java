package dev.farshore.link.model;

/**
 * Packets that take a longer way, so that later ones overtake them.
 *
 * @param probability of each packet
 * @param holdNanos longest extra time on the way; the time is uniform from 1 ns up to it
 */
public record Reordering(double probability, long holdNanos) {

  public static final Reordering NONE = new Reordering(0, 0);

  public Reordering {
    if (!(probability >= 0 && probability <= 1) || holdNanos < 0) {
      throw new IllegalArgumentException(
          "Reordering with probability " + probability + " by " + holdNanos + " ns");
    }
    if (probability > 0 && holdNanos == 0) {
      throw new IllegalArgumentException("Reordering by 0 ns reorders nothing");
    }
  }
}

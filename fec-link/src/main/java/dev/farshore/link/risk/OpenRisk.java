package dev.farshore.link.risk;

/**
 * What is on the wire at one moment, and how that loses. Taking it is cheap; what it means takes
 * milliseconds, and may be worked out on any thread.
 *
 * @param covered stream offset up to which records may have been answered
 */
public record OpenRisk(Tail tail, BurstLoss loss, long covered) {

  /** The chance that something answered would be lost if the site had died at that moment. */
  public double chance() {
    return new LossChance(tail, loss).upTo(covered);
  }
}

package dev.farshore.link.model;

/**
 * What one direction of a path is like.
 *
 * @param delayNanos propagation delay
 * @param jitterNanos the delay wanders between {@code delayNanos} and {@code delayNanos +
 *     jitterNanos}, slowly enough that it reorders nothing, as queues of other traffic do
 * @param bottleneck rate and queue
 * @param loss which packets are lost
 * @param reordering which packets are held back
 * @param duplicate probability that a packet arrives twice; the copy comes up to {@code
 *     reordering.holdNanos} later
 * @param corrupt probability that an arrival is damaged
 */
public record LinkConditions(
    long delayNanos,
    long jitterNanos,
    Bottleneck bottleneck,
    LossModel loss,
    Reordering reordering,
    double duplicate,
    double corrupt) {

  /** No delay, no limit, no fault. */
  public static final LinkConditions PERFECT =
      new LinkConditions(0, 0, Bottleneck.NONE, LossModel.NONE, Reordering.NONE, 0, 0);

  public LinkConditions {
    if (delayNanos < 0 || jitterNanos < 0) {
      throw new IllegalArgumentException(
          "Delay of " + delayNanos + " ns with jitter of " + jitterNanos + " ns");
    }
    if (!(duplicate >= 0 && duplicate <= 1) || !(corrupt >= 0 && corrupt <= 1)) {
      throw new IllegalArgumentException(
          "Probability of " + duplicate + " to duplicate, of " + corrupt + " to corrupt");
    }
  }

  public LinkConditions withDelay(long nanos) {
    return new LinkConditions(nanos, jitterNanos, bottleneck, loss, reordering, duplicate, corrupt);
  }

  public LinkConditions withJitter(long nanos) {
    return new LinkConditions(delayNanos, nanos, bottleneck, loss, reordering, duplicate, corrupt);
  }

  public LinkConditions withBottleneck(Bottleneck other) {
    return new LinkConditions(delayNanos, jitterNanos, other, loss, reordering, duplicate, corrupt);
  }

  public LinkConditions withLoss(LossModel other) {
    return new LinkConditions(
        delayNanos, jitterNanos, bottleneck, other, reordering, duplicate, corrupt);
  }

  public LinkConditions withReordering(Reordering other) {
    return new LinkConditions(delayNanos, jitterNanos, bottleneck, loss, other, duplicate, corrupt);
  }

  public LinkConditions withDuplicate(double probability) {
    return new LinkConditions(
        delayNanos, jitterNanos, bottleneck, loss, reordering, probability, corrupt);
  }

  public LinkConditions withCorrupt(double probability) {
    return new LinkConditions(
        delayNanos, jitterNanos, bottleneck, loss, reordering, duplicate, probability);
  }
}

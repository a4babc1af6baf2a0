package dev.farshore.emulab.testbed.live;

/** What all testers are told. Written by the trial's thread, read by theirs. */
final class Load {
  private volatile boolean ending;
  private volatile boolean lossExpected;
  private volatile boolean lost;
  private volatile long fromNanos = Long.MAX_VALUE;
  private volatile long untilNanos = Long.MAX_VALUE;
  private volatile long lostNanos;

  /** From now on requests count. */
  void measureFrom(long nowNanos) {
    fromNanos = nowNanos;
  }

  void measureUntil(long nowNanos) {
    untilNanos = nowNanos;
  }

  boolean isMeasured(long answeredNanos) {
    return fromNanos != Long.MAX_VALUE
        && answeredNanos - fromNanos >= 0
        && (untilNanos == Long.MAX_VALUE || answeredNanos - untilNanos < 0);
  }

  /** The site is about to be lost: nobody knows yet which reply is the last one. */
  void expectLoss() {
    lossExpected = true;
  }

  boolean isLossExpected() {
    return lossExpected;
  }

  /** The site was lost at that time: a reply that was read later is none. */
  void lost(long nanos) {
    lostNanos = nanos;
    lost = true;
  }

  /** Once the site is lost. */
  boolean isTooLate(long answeredNanos) {
    return answeredNanos - lostNanos > 0;
  }

  /** No further request. */
  void end() {
    ending = true;
  }

  boolean isEnding() {
    return ending || lost;
  }
}

package dev.farshore.emulab.testbed.live;

/** What all testers are told. Written by the trial's thread, read by theirs. */
final class Load {
  private volatile boolean ending;
  private volatile boolean frozen;
  private volatile long fromNanos = Long.MAX_VALUE;
  private volatile long untilNanos = Long.MAX_VALUE;

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

  /** The site is lost: a reply that is read after this is none. */
  void freeze() {
    frozen = true;
  }

  boolean isFrozen() {
    return frozen;
  }

  /** No further request. */
  void end() {
    ending = true;
  }

  boolean isEnding() {
    return ending || frozen;
  }
}

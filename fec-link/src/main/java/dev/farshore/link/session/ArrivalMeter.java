package dev.farshore.link.session;

import dev.farshore.link.packet.ArrivalCounts;

/**
 * Counts by packet numbers what arrived and what did not, and tells numbers that were seen before.
 * Owned by the receiver's thread.
 */
final class ArrivalMeter {

  /** Numbers that far behind the largest are not told apart any more. */
  private static final int REACH = 1 << 16;

  /** What has not come that long after a later one counts as lost for the length of bursts. */
  private static final long SETTLE_NANOS = 100_000_000;

  private final long[] seen = new long[REACH / Long.SIZE];
  private long largest = -1;
  private long arrived;
  private long settled;
  private long markNumber;
  private long markNanos;
  private boolean marked;
  private long run;
  private long longestRun;
  // Of runs that are over.
  private long runs;
  private long lostInRuns;

  /** Returns false if that number was seen before or is too old to tell. */
  boolean arrive(long number, long nowNanos) {
    if (number > largest) {
      settleUpTo(number - REACH + 1);
      for (long n = Math.max(largest + 1, number - REACH + 1); n <= number; n++) {
        seen[word(n)] &= ~(1L << n);
      }
      largest = number;
    } else if (number <= largest - REACH || isSeen(number)) {
      return false;
    }
    seen[word(number)] |= 1L << number;
    arrived++;
    if (!marked || nowNanos - markNanos >= SETTLE_NANOS) {
      settleUpTo(markNumber);
      markNumber = largest;
      markNanos = nowNanos;
      marked = true;
    }
    return true;
  }

  private void settleUpTo(long end) {
    for (long told = Math.min(end, largest + 1); settled < told; settled++) {
      if (isSeen(settled)) {
        endRun();
      } else {
        run++;
        longestRun = Math.max(longestRun, run);
      }
    }
    if (settled < end) {
      // Skipped at once, farther than the reach: none of them has come.
      run += end - settled;
      settled = end;
      longestRun = Math.max(longestRun, run);
    }
  }

  private void endRun() {
    if (run > 0) {
      runs++;
      lostInRuns += run;
      run = 0;
    }
  }

  /** -1 before the first. */
  long largest() {
    return largest;
  }

  ArrivalCounts counts(long repaired) {
    int burst = (int) Math.min(longestRun, Integer.MAX_VALUE);
    long mean256 = runs == 0 ? 0 : Math.round(256.0 * lostInRuns / runs);
    return new ArrivalCounts(
        arrived, largest + 1 - arrived, repaired, burst, (int) Math.min(mean256, 1 << 30));
  }

  private boolean isSeen(long number) {
    return (seen[word(number)] >>> number & 1) != 0;
  }

  private static int word(long number) {
    return (int) (number & (REACH - 1)) >> 6;
  }
}

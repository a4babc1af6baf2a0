package dev.farshore.log.disk;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/**
 * What goes wrong on a simulated disk, by the count of its calls. Owned by the thread of the disk.
 *
 * <p>A call is counted when it is submitted. An injected failure of a read, write or force is told
 * by its completion; a failed write may have taken effect in part, and a failed force leaves the
 * page cache claiming bytes that the platter may never get (fsync-gate).
 */
public final class DiskFaults {

  /** What a call to a disk is for. */
  public enum Call {
    READ,
    WRITE,
    FORCE,
    SET_SIZE,
    /** Create, open, look for, list, delete and rename files, and force the directory. */
    DIRECTORY
  }

  /** The power went off at this call: nothing of the caller's process runs on. */
  public static final class PowerLoss extends RuntimeException {
    private static final long serialVersionUID = 1L;

    PowerLoss(long call) {
      super("simulated power loss at disk call " + call);
    }
  }

  private Set<Call> failing = EnumSet.noneOf(Call.class);
  private long failCountdown;
  private boolean sticky;
  private long powerCountdown;
  private boolean dark;
  private boolean lying;
  private long calls;
  private long failures;

  DiskFaults() {}

  /** Fails the {@code n}-th call of these kinds from now, counting from 1, and no other. */
  public void failOnce(Set<Call> kinds, long n) {
    arm(kinds, n, false);
  }

  /** Fails the {@code n}-th call of these kinds from now, counting from 1, and all after it. */
  public void failFrom(Set<Call> kinds, long n) {
    arm(kinds, n, true);
  }

  private void arm(Set<Call> kinds, long n, boolean stay) {
    if (n < 1) {
      throw new IllegalArgumentException("calls are counted from 1, not " + n);
    }
    failing = EnumSet.copyOf(kinds);
    failCountdown = n;
    sticky = stay;
  }

  /** Lets every call succeed again. Bytes that were dropped by failed forces stay dropped. */
  public void heal() {
    failing = EnumSet.noneOf(Call.class);
    powerCountdown = 0;
  }

  /**
   * At the {@code n}-th call from now of any kind, counting from 1, throws {@link PowerLoss}
   * instead of doing it, and at every call after it, until {@link SimulatedPlatter#powerCut} or
   * {@link SimulatedPlatter#processDeath}.
   */
  public void losePowerAt(long n) {
    if (n < 1) {
      throw new IllegalArgumentException("calls are counted from 1, not " + n);
    }
    powerCountdown = n;
  }

  /**
   * Whether forces report success without making anything durable (a disk that ignores flushes).
   */
  public void lie(boolean lies) {
    lying = lies;
  }

  /** Calls so far, of every kind. */
  public long calls() {
    return calls;
  }

  /** Calls that were made to fail so far. */
  public long failures() {
    return failures;
  }

  boolean lies() {
    return lying;
  }

  void restorePower() {
    dark = false;
    powerCountdown = 0;
  }

  /** Counts a call; true if it is to fail. */
  boolean strikes(Call kind) {
    calls++;
    if (dark || (powerCountdown > 0 && --powerCountdown == 0)) {
      dark = true;
      throw new PowerLoss(calls);
    }
    if (!failing.contains(kind)) {
      return false;
    }
    if (failCountdown > 1) {
      failCountdown--;
      return false;
    }
    if (!sticky) {
      failing = EnumSet.noneOf(Call.class);
    }
    failures++;
    return true;
  }

  /** Counts a synchronous call and fails it if its turn has come. */
  void strike(Call kind, String what) throws IOException {
    if (strikes(kind)) {
      throw injected(what);
    }
  }

  static IOException injected(String what) {
    return new IOException("injected failure: " + what);
  }
}

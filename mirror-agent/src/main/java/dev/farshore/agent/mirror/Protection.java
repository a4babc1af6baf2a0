package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.GroupSettings.Beyond;
import dev.farshore.agent.mirror.GroupSettings.OnQuota;
import dev.farshore.agent.mirror.GroupSettings.RiskLimits;
import dev.farshore.appliance.volume.ReplyPolicy;
import dev.farshore.appliance.volume.Watermarks;
import java.util.Optional;

/**
 * Decides up to which record replies may be sent, and whether new writes are taken: the group's
 * mode, the bounds on what may be unconfirmed, and what the operator chose beyond them.
 *
 * <p>Degrading is a step of the log: a record says that it begins, is forced, and only then is the
 * first reply sent that promises less (invariant A5). The owner appends that record when {@link
 * #wantsDegradedMark} says so, and the one that ends the span when {@link #wantsRestoredMark} does.
 *
 * <p>A span outlives the process that began it: the log says that it is open, and the owner says so
 * with {@link #resumeSpan}. Until the promise has to be lowered again replies keep it meanwhile,
 * which is more than the log says.
 *
 * <p>A mirror that needs a fill confirms nothing until it has it. The operator said by {@code
 * on-quota} and {@code beyond} whether the group goes on without a mirror: it degrades if either
 * says so, and blocks if both say {@code block}.
 *
 * <p>A step function of the group's thread.
 */
final class Protection implements ReplyPolicy {

  /** Whether the mode's promise holds. */
  enum State {
    /** Every reply keeps the mode's promise. */
    KEPT,
    /** Replies wait for the record that announces a lower promise. */
    DEGRADING,
    /** Replies are sent at {@code local}. */
    DEGRADED
  }

  /**
   * What is known of the mirror at this moment.
   *
   * @param detached whether the mirror was given up, as the operator chose for a full quota
   * @param needsFill whether nothing that is sent is of use to the mirror until it has been filled
   * @param caughtUp whether neither is so and every appended record is on its way
   * @param lagBytes bytes that the mirror has not confirmed
   * @param lagNanos age of the oldest record that it has not confirmed
   * @param quotaReached whether the log kept for the mirror is at its quota, and must not grow
   */
  record MirrorView(
      boolean detached,
      boolean needsFill,
      boolean caughtUp,
      long lagBytes,
      long lagNanos,
      boolean quotaReached) {}

  private final SyncMode mode;
  private final RiskLimits limits;
  private State state = State.KEPT;
  private long markLsn;

  /** Whether the log's last word is that a span begins. */
  private boolean spanOpen;

  private boolean beyondLimits;
  private boolean quotaReached;
  private boolean awaitsFill;
  private boolean wantsDegraded;
  private boolean wantsRestored;

  Protection(SyncMode mode, RiskLimits limits) {
    this.mode = mode;
    this.limits = limits;
  }

  State state() {
    return state;
  }

  /** The log that is served from now on ends in a degraded span, whose begin is forced. */
  void resumeSpan() {
    spanOpen = true;
  }

  /** Whether writers wait because more may not be left unconfirmed. */
  boolean blocking() {
    return hold().isPresent();
  }

  /** Why writers wait; empty if they do not. */
  Optional<Hold> hold() {
    if (quotaReached) {
      return Optional.of(Hold.QUOTA);
    }
    if (state == State.KEPT && awaitsFill) {
      return Optional.of(Hold.FILL);
    }
    return state == State.KEPT && beyondLimits ? Optional.of(Hold.AT_RISK) : Optional.empty();
  }

  /** Looks at the mirror; call before {@link #acknowledgeable} in every round. */
  void observe(MirrorView mirror, Watermarks now) {
    quotaReached = mirror.quotaReached();
    beyondLimits =
        mirror.lagBytes() > limits.maxAtRiskBytes() || mirror.lagNanos() > limits.maxAtRiskNanos();
    boolean degrade = limits.beyond() == Beyond.DEGRADE;
    boolean goOnWithoutMirror = degrade || limits.onQuota() == OnQuota.DETACH_MIRROR;
    awaitsFill = mirror.needsFill() && !mirror.detached() && !goOnWithoutMirror;
    boolean mustDegrade =
        mirror.detached() || (mirror.needsFill() && goOnWithoutMirror) || (beyondLimits && degrade);
    wantsDegraded = state == State.KEPT && mustDegrade && !spanOpen;
    boolean resumes = state == State.KEPT && mustDegrade && spanOpen;
    if (resumes || (state == State.DEGRADING && now.forced() >= markLsn)) {
      state = State.DEGRADED;
    }
    wantsRestored =
        spanOpen && state != State.DEGRADING && mirror.caughtUp() && !beyondLimits && !mustDegrade;
  }

  /** Whether the owner should append the record that begins a degraded span now. */
  boolean wantsDegradedMark() {
    return wantsDegraded;
  }

  /** The record that begins the span is {@code lsn}, and its force has been asked for. */
  void degradedMark(long lsn) {
    state = State.DEGRADING;
    markLsn = lsn;
    spanOpen = true;
    wantsDegraded = false;
  }

  /** Whether the owner should append the record that ends a degraded span now. */
  boolean wantsRestoredMark() {
    return wantsRestored;
  }

  /**
   * The record that ends the span is appended; from it on replies keep the mode's promise. Those
   * that still wait, for their force perhaps, keep it too: what could have been answered within the
   * span and was not is not answered after it for less.
   */
  void restoredMark() {
    state = State.KEPT;
    spanOpen = false;
    wantsRestored = false;
  }

  /** {@inheritDoc} What holds at this moment, which may be less than what held before. */
  @Override
  public long acknowledgeable(Watermarks now) {
    return switch (state) {
      case KEPT -> promised(now);
      case DEGRADING -> 0;
      case DEGRADED -> now.appended();
    };
  }

  /** Beyond the limits nothing more is answered that the mirror has not confirmed. */
  private long promised(Watermarks now) {
    long confirmed = Math.min(now.appended(), now.mirrored());
    return switch (mode) {
      case SyncMode.Local local -> beyondLimits ? confirmed : now.appended();
      case SyncMode.Network network ->
          beyondLimits ? confirmed : Math.min(now.appended(), now.covered());
      case SyncMode.Remote remote -> confirmed;
    };
  }
}

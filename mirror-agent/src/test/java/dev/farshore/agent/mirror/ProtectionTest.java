package dev.farshore.agent.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.mirror.GroupSettings.Beyond;
import dev.farshore.agent.mirror.GroupSettings.OnQuota;
import dev.farshore.agent.mirror.GroupSettings.RiskLimits;
import dev.farshore.agent.mirror.Protection.MirrorView;
import dev.farshore.appliance.volume.Watermarks;
import org.junit.jupiter.api.Test;

final class ProtectionTest {
  private static final Watermarks NOW = new Watermarks(100, 90, 80, 70, 60, 50);
  private static final MirrorView WELL = new MirrorView(false, false, true, 10, 10, false);
  private static final MirrorView FAR = new MirrorView(false, false, false, 2000, 10, false);
  private static final MirrorView STALE = new MirrorView(false, false, false, 10, 2000, false);
  private static final MirrorView EMPTY = new MirrorView(false, true, false, 10, 10, false);
  private static final MirrorView DETACHED = new MirrorView(true, true, false, 10, 10, false);

  private static Protection protection(SyncMode mode, Beyond beyond) {
    return new Protection(
        mode, new RiskLimits(1000, 1000, beyond, Long.MAX_VALUE, OnQuota.DETACH_MIRROR));
  }

  @Test
  void everyModeWaitsForItsWatermark() {
    assertEquals(100, released(new SyncMode.Local(), WELL));
    assertEquals(70, released(new SyncMode.Network(3), WELL));
    assertEquals(50, released(new SyncMode.Remote(), WELL));
  }

  @Test
  void beyondTheLimitsOnlyConfirmedWritesAreAnswered() {
    for (MirrorView view : new MirrorView[] {FAR, STALE}) {
      assertEquals(50, released(new SyncMode.Local(), view));
      assertEquals(50, released(new SyncMode.Network(3), view));
      assertEquals(50, released(new SyncMode.Remote(), view));
    }
  }

  private static long released(SyncMode mode, MirrorView view) {
    Protection protection = protection(mode, Beyond.BLOCK);
    protection.observe(view, NOW);
    assertFalse(protection.wantsDegradedMark());
    return protection.acknowledgeable(NOW);
  }

  @Test
  void beyondTheLimitsNewWritesWait() {
    Protection protection = protection(new SyncMode.Local(), Beyond.BLOCK);
    protection.observe(FAR, NOW);
    assertTrue(protection.blocking());
    protection.observe(WELL, NOW);
    assertFalse(protection.blocking());
  }

  @Test
  void degradingIsAnnouncedInTheForcedLogBeforeTheFirstLowerReply() {
    Protection protection = protection(new SyncMode.Remote(), Beyond.DEGRADE);
    protection.observe(STALE, NOW);
    assertTrue(protection.wantsDegradedMark());
    protection.degradedMark(101);
    Watermarks appended = new Watermarks(103, 100, 80, 70, 60, 50);
    protection.observe(STALE, appended);
    assertEquals(0, protection.acknowledgeable(appended));
    Watermarks forced = new Watermarks(103, 101, 80, 70, 60, 50);
    protection.observe(STALE, forced);
    assertEquals(103, protection.acknowledgeable(forced));
    assertFalse(protection.blocking());
  }

  @Test
  void aMirrorThatNeedsAFillIsDoneWithoutOnlyIfTheOperatorChoseThat() {
    for (Beyond beyond : Beyond.values()) {
      for (OnQuota onQuota : OnQuota.values()) {
        Protection protection =
            new Protection(
                new SyncMode.Network(1), new RiskLimits(1000, 1000, beyond, 1L << 40, onQuota));
        protection.observe(EMPTY, NOW);
        boolean blocks = beyond == Beyond.BLOCK && onQuota == OnQuota.BLOCK;
        assertEquals(blocks, protection.blocking(), beyond + " " + onQuota);
        assertEquals(!blocks, protection.wantsDegradedMark(), beyond + " " + onQuota);
        protection.observe(WELL, NOW);
        assertFalse(protection.blocking());
      }
    }
  }

  @Test
  void aDetachedMirrorDegradesWhateverElseWasChosen() {
    Protection protection = protection(new SyncMode.Network(1), Beyond.BLOCK);
    protection.observe(DETACHED, NOW);
    assertTrue(protection.wantsDegradedMark());
    assertFalse(protection.blocking());
  }

  @Test
  void thePromiseReturnsWhenTheMirrorHasCaughtUp() {
    Protection protection = protection(new SyncMode.Network(1), Beyond.BLOCK);
    protection.observe(DETACHED, NOW);
    protection.degradedMark(101);
    Watermarks later = new Watermarks(105, 101, 80, 70, 60, 50);
    protection.observe(DETACHED, later);
    assertEquals(105, protection.acknowledgeable(later));
    protection.observe(WELL, later);
    assertTrue(protection.wantsRestoredMark());
    protection.restoredMark();
    Watermarks after = new Watermarks(110, 101, 109, 108, 60, 50);
    protection.observe(WELL, after);
    assertEquals(108, protection.acknowledgeable(after));
  }

  @Test
  void aSpanOfAnEarlierProcessEndsWhenThePromiseIsKept() {
    Protection protection = protection(new SyncMode.Network(1), Beyond.BLOCK);
    protection.resumeSpan();
    MirrorView away = new MirrorView(false, false, false, 10, 10, false);
    protection.observe(away, NOW);
    assertFalse(protection.wantsRestoredMark());
    assertEquals(70, protection.acknowledgeable(NOW), "nothing demands less yet");
    protection.observe(WELL, NOW);
    assertTrue(protection.wantsRestoredMark());
    protection.restoredMark();
    protection.observe(WELL, NOW);
    assertFalse(protection.wantsRestoredMark());
    assertEquals(70, protection.acknowledgeable(NOW));
  }

  @Test
  void aSpanOfAnEarlierProcessIsNotBegunAgain() {
    Protection protection = protection(new SyncMode.Remote(), Beyond.DEGRADE);
    protection.resumeSpan();
    protection.observe(STALE, NOW);
    assertFalse(protection.wantsDegradedMark());
    assertFalse(protection.wantsRestoredMark());
    assertEquals(100, protection.acknowledgeable(NOW));
    assertEquals(Protection.State.DEGRADED, protection.state());
  }

  @Test
  void aReplyThatStillWaitsWhenADegradedSpanEndsIsHeldToTheModesPromise() {
    Protection protection = protection(new SyncMode.Remote(), Beyond.DEGRADE);
    protection.observe(STALE, NOW);
    protection.degradedMark(101);
    Watermarks degraded = new Watermarks(105, 101, 80, 70, 60, 50);
    protection.observe(STALE, degraded);
    assertEquals(105, protection.acknowledgeable(degraded), "a forced write of 105 waits for disk");
    protection.observe(WELL, degraded);
    protection.restoredMark();
    assertEquals(50, protection.acknowledgeable(degraded));
  }

  @Test
  void aReplyIsReleasedByWhatHoldsWhenItIs() {
    Protection protection = protection(new SyncMode.Local(), Beyond.BLOCK);
    protection.observe(WELL, NOW);
    assertEquals(100, protection.acknowledgeable(NOW));
    protection.observe(FAR, NOW);
    assertEquals(50, protection.acknowledgeable(NOW));
  }

  @Test
  void aFullQuotaHoldsNewWritesOnly() {
    Protection protection = protection(new SyncMode.Local(), Beyond.DEGRADE);
    protection.observe(new MirrorView(false, false, true, 10, 10, true), NOW);
    assertTrue(protection.blocking());
    assertEquals(100, protection.acknowledgeable(NOW));
  }
}

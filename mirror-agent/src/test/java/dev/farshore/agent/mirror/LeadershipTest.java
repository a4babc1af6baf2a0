package dev.farshore.agent.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.record.Epoch;
import org.junit.jupiter.api.Test;

final class LeadershipTest {
  private static final Epoch HIGHER = new Epoch(2, 2, 0);

  private final Leadership primary = Leadership.initial(Role.PRIMARY, 7, 1);
  private final Leadership mirror = Leadership.initial(Role.MIRROR, 0, 2);

  @Test
  void aSiteThatLedAndFollowsAHigherEpochIsFencedUntilItsLogIsJoined() {
    Leadership fenced = primary.following(7, HIGHER);
    assertTrue(fenced.fenced());
    assertTrue(fenced.following(7, new Epoch(3, 2, 0)).fenced(), "nothing was joined meanwhile");
    assertTrue(fenced.withMirrorDetached(false).fenced());
    assertFalse(fenced.joined().fenced());
    assertEquals(fenced.promised(), fenced.joined().promised());
  }

  @Test
  void aSiteThatNeverLedIsNotFenced() {
    assertFalse(mirror.following(7, HIGHER).fenced());
    assertFalse(mirror.following(7, HIGHER).promoting(new Epoch(3, 2, 0)).fenced());
  }

  @Test
  void aFencedSiteThatLeadsAgainIsNotFencedAndOneWhosePromotionIsOvertakenIs() {
    Epoch own = new Epoch(3, 1, 0);
    Leadership promoting = primary.following(7, HIGHER).promoting(own);
    assertFalse(promoting.leading(own).fenced());
    assertTrue(promoting.following(7, new Epoch(4, 2, 0)).fenced());
  }
}

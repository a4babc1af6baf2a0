package dev.farshore.agent.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.status.GroupFacts.Failure;
import dev.farshore.agent.status.GroupFacts.Protection;
import dev.farshore.agent.status.GroupFacts.Stall;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HealthRuleTest {
  private static final List<Optional<String>> MAYBE = List.of(Optional.empty(), Optional.of("x"));

  private static List<Optional<Failure>> failures() {
    List<Optional<Failure>> all = new ArrayList<>();
    all.add(Optional.empty());
    for (Failure.Kind kind : Failure.Kind.values()) {
      all.add(Optional.of(new Failure(kind, "x")));
    }
    return all;
  }

  private static final List<Boolean> EITHER = List.of(false, true);

  private static Stall stall(String text) {
    return new Stall(Stall.Kind.DISK, text);
  }

  /** Every combination of what can be true of a group. */
  private static List<GroupFacts> everything() {
    List<GroupFacts> all = new ArrayList<>();
    for (Role role : Role.values()) {
      for (Optional<Failure> failure : failures()) {
        for (Optional<String> fenced : MAYBE) {
          for (boolean promoting : EITHER) {
            for (boolean connected : EITHER) {
              for (Replication replication : Replication.values()) {
                for (Protection protection : Protection.values()) {
                  for (double lag : new double[] {0, 6, Double.NaN}) {
                    for (double quota : new double[] {0, 0.9}) {
                      for (int bits = 0; bits < 4; bits++) {
                        all.add(
                            new GroupFacts(
                                role,
                                failure,
                                fenced,
                                promoting,
                                connected,
                                replication,
                                protection,
                                lag,
                                quota,
                                MAYBE.get(bits & 1),
                                MAYBE.get(bits >> 1).map(HealthRuleTest::stall)));
                      }
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
    return all;
  }

  @Test
  void healthyMeansThatNothingIsWrong() {
    int healthy = 0;
    for (GroupFacts facts : everything()) {
      Verdict verdict = HealthRule.judge("g", "b", facts);
      if (verdict.health() != Health.HEALTHY) {
        assertFalse(verdict.why().isEmpty(), facts.toString());
        continue;
      }
      healthy++;
      boolean primary = facts.role() == Role.PRIMARY;
      assertTrue(primary || facts.role() == Role.MIRROR, facts.toString());
      assertTrue(facts.failure().isEmpty() && facts.fencedBy().isEmpty(), facts.toString());
      assertTrue(!facts.promoting() && facts.connected(), facts.toString());
      assertEquals(Replication.STREAMING, facts.replication());
      assertTrue(!primary || facts.protection() == Protection.AS_PROMISED, facts.toString());
      assertEquals(0, facts.lagSeconds());
      assertEquals(0, facts.quotaShare());
      assertTrue(facts.noRoom().isEmpty() && facts.stall().isEmpty(), facts.toString());
    }
    // The primary in one state, the mirror in one state for each value that only primaries have.
    assertEquals(1 + Protection.values().length, healthy);
  }

  @Test
  void theWorstThingIsTheOneThatIsSaid() {
    for (GroupFacts facts : everything()) {
      Health health = HealthRule.judge("g", "b", facts).health();
      if (facts.failure().isPresent()) {
        assertEquals(Health.FAILED, health, facts.toString());
      } else if (facts.fencedBy().isPresent()) {
        assertEquals(Health.FENCED, health, facts.toString());
      } else if (facts.noRoom().isPresent() && !facts.promoting()) {
        assertEquals(Health.SHORT_OF_SPACE, health, facts.toString());
      } else if (facts.stall().isPresent() && !facts.promoting()) {
        assertEquals(Health.STALLED, health, facts.toString());
      } else if (facts.role() == Role.PRIMARY && !facts.promoting()) {
        boolean filling = facts.replication() == Replication.FILLING;
        switch (facts.protection()) {
          case BLOCKED_AT_RISK, BLOCKED_BY_QUOTA, BLOCKED_UNTIL_FILLED ->
              assertEquals(Health.BLOCKED, health, facts.toString());
          case UNPROTECTED ->
              assertEquals(filling ? Health.FILLING : Health.UNPROTECTED, health, facts.toString());
          case DEGRADED ->
              assertEquals(filling ? Health.FILLING : Health.DEGRADED, health, facts.toString());
          case AS_PROMISED -> assertTrue(health.compareTo(Health.UNPROTECTED) <= 0);
        }
      }
    }
  }

  @Test
  void aMirrorInAFillIsFillingAndIfItsPrimaryIsGoneDisconnected() {
    for (boolean connected : EITHER) {
      GroupFacts facts =
          new GroupFacts(
              Role.MIRROR,
              Optional.empty(),
              Optional.empty(),
              false,
              connected,
              Replication.FILLING,
              Protection.AS_PROMISED,
              0,
              0,
              Optional.empty(),
              Optional.empty());
      assertEquals(
          connected ? Health.FILLING : Health.DISCONNECTED,
          HealthRule.judge("main", "b", facts).health());
    }
  }

  @Test
  void aMirrorThatLostItsPrimaryIsToldHowToTakeOver() {
    GroupFacts facts =
        new GroupFacts(
            Role.MIRROR,
            Optional.empty(),
            Optional.empty(),
            false,
            false,
            Replication.IDLE,
            Protection.AS_PROMISED,
            0,
            0,
            Optional.empty(),
            Optional.empty());
    assertTrue(HealthRule.judge("main", "b", facts).action().contains("mirror-agent promote main"));
  }

  /** A damaged log is said to be repaired only while it is. */
  @Test
  void aDamagedLogIsRepairingAsLongAsTheMirrorGivesWhatIsLost() {
    for (Stall.Kind kind : Stall.Kind.values()) {
      GroupFacts facts =
          new GroupFacts(
              Role.PRIMARY,
              Optional.empty(),
              Optional.empty(),
              false,
              true,
              Replication.STREAMING,
              Protection.AS_PROMISED,
              0,
              0.9,
              Optional.empty(),
              Optional.of(new Stall(kind, "segment 3, offset 7, lsn 12")));
      Verdict verdict = HealthRule.judge("main", "b", facts);
      boolean repairing = kind == Stall.Kind.REPAIRING;
      assertEquals(repairing ? Health.REPAIRING : Health.STALLED, verdict.health());
      assertTrue(verdict.why().contains("segment 3, offset 7, lsn 12"), verdict.why());
      assertEquals(!repairing, verdict.action().contains("mirror-agent promote main"));
      assertEquals(
          kind == Stall.Kind.NOT_AT_MIRROR, verdict.why().contains("b does not hold what is lost"));
    }
  }

  /** The log's quota is warned of before it is reached, also while something worse is true. */
  @Test
  void aPrimaryWithoutItsMirrorWarnsOfTheQuota() {
    for (GroupFacts facts : everything()) {
      Verdict verdict = HealthRule.judge("g", "b", facts);
      boolean waits =
          verdict.health() == Health.DISCONNECTED || verdict.health() == Health.DEGRADED;
      if (waits) {
        assertEquals(
            facts.quotaShare() > 0.8, verdict.why().contains("of its quota"), facts.toString());
      }
    }
  }
}

package dev.farshore.tests.sim;

import dev.farshore.agent.mirror.GroupSettings.OnQuota;
import dev.farshore.agent.mirror.GroupSnapshot;
import dev.farshore.agent.mirror.LeadPhase;
import dev.farshore.agent.mirror.PromotionStep;
import dev.farshore.agent.mirror.Standing;

/** Looks at one site's status now and then, and counts rare states that show nowhere else. */
final class Lookout {
  private final Scenario scenario;
  private final Rarities rarities;
  private boolean blocked;
  private boolean promotionFailed;

  Lookout(Scenario scenario, Rarities rarities) {
    this.scenario = scenario;
    this.rarities = rarities;
  }

  /** The site as it is now. */
  void look(GroupSnapshot now) {
    if (now.blocking() && !blocked) {
      boolean quota =
          scenario.risk().onQuota() == OnQuota.BLOCK
              && now.retainedBytes() >= scenario.risk().quotaBytes();
      rarities.reached(quota ? Rare.QUOTA_BLOCKED : Rare.BLOCKED_AT_RISK);
    }
    blocked = now.blocking();
    boolean failed = now.promotion().stream().anyMatch(p -> p.step() == PromotionStep.FAILED);
    if (failed && !promotionFailed) {
      rarities.reached(Rare.PROMOTION_FAILED);
    }
    promotionFailed = failed;
  }

  /** Its process is about to end. */
  void dies(GroupSnapshot last) {
    if (last.standing().equals(new Standing.Leading(LeadPhase.HANDING_OVER))) {
      rarities.reached(Rare.HAND_OVER_CRASHED);
    }
    blocked = false;
    promotionFailed = false;
  }
}

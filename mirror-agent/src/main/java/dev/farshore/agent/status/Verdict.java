package dev.farshore.agent.status;

/**
 * How a group is, why, and what an operator can do.
 *
 * @param why one sentence; empty when healthy
 * @param action one sentence; empty when there is nothing to do but wait
 */
public record Verdict(Health health, String why, String action) {
  public static final Verdict HEALTHY = new Verdict(Health.HEALTHY, "", "");
}

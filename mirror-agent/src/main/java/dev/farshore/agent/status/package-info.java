/**
 * What a running site says about itself, for people and for scripts.
 *
 * <pre>
 *   facts of each group ──▶ HealthRule ──▶ GroupStatus ──▶ SiteStatus ──▶ StatusText (people)
 *                                                                   └──▶ StatusJson (scripts)
 * </pre>
 *
 * <p>The word {@code healthy} is never a default: {@link dev.farshore.agent.status.HealthRule}
 * gives it only when everything that could be wrong was looked at and is not.
 */
package dev.farshore.agent.status;

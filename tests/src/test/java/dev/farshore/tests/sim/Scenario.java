package dev.farshore.tests.sim;

import dev.farshore.agent.mirror.GroupSettings.RiskLimits;
import dev.farshore.agent.mirror.SyncMode;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.session.LinkSettings;
import dev.farshore.log.disk.DiskTiming;
import java.util.List;
import java.util.Map;

/**
 * What a seed chose.
 *
 * @param faultNanos mean virtual time from one fault of a kind to the next; kinds that are not in
 *     it do not happen
 * @param turmoilNanos how long faults happen
 * @param paths conditions that a direction of the path may have; the first is what it begins with
 * @param disks how fast the two disks are
 * @param auditShare share of durable replies at which the platter is looked at
 */
record Scenario(
    long seed,
    SyncMode mode,
    RiskLimits risk,
    LinkSettings link,
    long startWaitNanos,
    long drainNanos,
    Storage storage,
    Load load,
    int cellBytes,
    List<LinkConditions> paths,
    List<DiskTiming> disks,
    Map<Fault, Long> faultNanos,
    long turmoilNanos,
    double auditShare) {

  /**
   * How the stores are made.
   *
   * @param foldBatchBytes records that one fold takes
   * @param foldDelayNanos how long records wait for a fold
   */
  record Storage(
      int segmentBytes,
      int logCacheBytes,
      int spareSegments,
      long foldBatchBytes,
      long foldDelayNanos,
      long sumsCacheBytes) {}

  boolean has(Fault fault) {
    return faultNanos.containsKey(fault);
  }

  /** For people: one choice a line. */
  String describe() {
    StringBuilder text = new StringBuilder();
    text.append("seed ").append(seed).append('\n');
    text.append("  mode ").append(mode).append(", start wait ").append(startWaitNanos);
    text.append(", drain ").append(drainNanos).append('\n');
    text.append("  ").append(risk).append('\n');
    text.append("  ").append(link).append('\n');
    text.append("  ").append(storage).append('\n');
    text.append("  ").append(load).append(", cells of ").append(cellBytes).append('\n');
    paths.forEach(path -> text.append("  path ").append(path).append('\n'));
    disks.forEach(disk -> text.append("  disk ").append(disk).append('\n'));
    text.append("  faults every ").append(faultNanos);
    text.append(" for ").append(turmoilNanos).append('\n');
    return text.toString();
  }
}

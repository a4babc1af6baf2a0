package dev.farshore.tests.sim;

import dev.farshore.agent.mirror.GroupSettings.RiskLimits;
import dev.farshore.log.record.LogPosition;
import java.util.TreeMap;

/**
 * What a leading site has answered and its mirror has not made durable: never more than {@code
 * max-at-risk}, in bytes and in age, at the moment of any reply, unless a degraded span is on
 * record (A5). What was answered within the bounds may grow old while the mirror is away: then
 * nothing more is answered.
 */
final class RiskOracle {
  /** From when a record is appended to when the agent looks at its log. */
  private static final long LOOK_NANOS = 1_000_000;

  private record Entry(LogPosition position, long bytes, long nanos) {}

  /** What one site has appended, and what of it is answered and nowhere else. */
  private static final class Account {
    private final TreeMap<Long, Entry> appended = new TreeMap<>();
    private final TreeMap<Long, Entry> answered = new TreeMap<>();
    private long answeredBytes;

    private void confirm(Entry entry) {
      answered.remove(entry.position().lsn());
      answeredBytes -= entry.bytes();
    }

    private void clear() {
      appended.clear();
      answered.clear();
      answeredBytes = 0;
    }
  }

  private final World world;
  private final Account[] accounts = {new Account(), new Account()};

  RiskOracle(World world) {
    this.world = world;
  }

  private Account account(Site site) {
    return accounts[site.index()];
  }

  /** A leading site appended a record of so many encoded bytes. */
  void appended(Site site, LogPosition position, long bytes) {
    account(site).appended.put(position.lsn(), new Entry(position, bytes, world.now()));
  }

  /** A leading site answered for a record. */
  void answered(Site site, LogPosition position) {
    Account account = account(site);
    Entry entry = account.appended.remove(position.lsn());
    if (entry == null || !entry.position().equals(position)) {
      return;
    }
    account.answered.put(position.lsn(), entry);
    account.answeredBytes += entry.bytes();
    while (!account.answered.isEmpty()
        && mirrored(site, account.answered.firstEntry().getValue())) {
      account.confirm(account.answered.firstEntry().getValue());
    }
    if (!account.answered.isEmpty()) {
      judge(site, account);
    }
  }

  private boolean mirrored(Site site, Entry entry) {
    StoreOracle mirror = site.other().oracle();
    LogPosition position = entry.position();
    return (mirror.forced() >= position.lsn() && mirror.model().holds(position))
        || mirror.formerDiskHeld(position);
  }

  private void judge(Site site, Account account) {
    RiskLimits limits = world.scenario().risk();
    Entry oldest = account.answered.firstEntry().getValue();
    long age = world.now() - oldest.nanos();
    if (account.answeredBytes <= limits.maxAtRiskBytes()
        && age - LOOK_NANOS <= limits.maxAtRiskNanos()) {
      return;
    }
    SiteProcess process = site.process().orElseThrow();
    long span = site.oracle().degradedLsn();
    boolean announced =
        process.node().snapshot(world.now()).degraded()
            && span > 0
            && process.store().orElseThrow().log().forced() >= span;
    Violation.unless(
        announced,
        "A5",
        () ->
            site.name()
                + " has answered "
                + account.answeredBytes
                + " bytes that are nowhere else, the oldest "
                + age
                + " ns old: "
                + oldest
                + "; "
                + limits);
    world.rarities().reached(Rare.BEYOND_MAX_AT_RISK);
  }

  /**
   * A site begins to serve. What an earlier process of it answered is still at risk; how long
   * already, nobody could tell it.
   */
  void servingBegins(Site site) {
    Account account = account(site);
    account.appended.clear();
    TreeMap<Long, Entry> left = new TreeMap<>();
    account.answeredBytes = 0;
    for (Entry entry : account.answered.values()) {
      if (site.model().holds(entry.position())) {
        left.put(entry.position().lsn(), new Entry(entry.position(), entry.bytes(), world.now()));
        account.answeredBytes += entry.bytes();
      }
    }
    account.answered.clear();
    account.answered.putAll(left);
  }

  /** A site leads no more, or has lost its disk. */
  void gaveWay(Site site) {
    account(site).clear();
  }
}

package dev.farshore.tests.sim;

import dev.farshore.log.RecoveryReport;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.group.ImageReplacement;
import dev.farshore.log.group.VolumeInfo;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.LogPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Knows what one site's store was given, and judges what it shows: while it runs, and when it is
 * opened again after a death (invariants L2, L3, L6, M1). Outlives the site's processes.
 */
final class StoreOracle {

  /** How the last process ended, and so what may be missing. */
  enum Death {
    /** Everything appended is there. */
    PROCESS,
    /** Everything forced is there. */
    POWER
  }

  private final String site;
  private final Lineage lineage;
  private final Rarities rarities;
  private final Cells cells;
  private LogModel model;
  private LogModel formerModel;
  private long formerForced;
  private StoreOracle other;
  private Death death = Death.PROCESS;
  private long appended;
  private long forced;
  private long degradedLsn;
  private long folded;
  private int rewrites;
  private boolean exists;
  private long lostLsn = Long.MAX_VALUE;
  private boolean rotted;

  /** Up to here it said once to be durable what it forgot when its stored bytes had changed. */
  private long rottedAwayLsn;

  private Optional<Long> pendingCut = Optional.empty();
  private Optional<LogModel> pendingFill = Optional.empty();

  /** What the log said had been forced when each record was given to it; see {@link #floor}. */
  private final List<Long> forcedAtStaging = new ArrayList<>();

  StoreOracle(String site, Cells cells, Lineage lineage, Rarities rarities) {
    this.site = site;
    this.cells = cells;
    this.lineage = lineage;
    this.rarities = rarities;
    this.model = new LogModel(cells);
  }

  void pair(StoreOracle peer) {
    other = peer;
  }

  LogModel model() {
    return model;
  }

  /** LSN up to which the store has said that records are durable. */
  long forced() {
    return forced;
  }

  long appended() {
    return appended;
  }

  /** How often what it holds was cut off or replaced, so that what was pinned may be gone. */
  int rewrites() {
    return rewrites;
  }

  /** LSN of the record that began the degraded span in which the log is; 0 if it is in none. */
  long degradedLsn() {
    return degradedLsn;
  }

  /** The site's disk is gone. What it had forced, it may have reported before. */
  void wiped() {
    formerModel = model;
    formerForced = forced;
    model = new LogModel(cells);
    appended = 0;
    forced = 0;
    folded = 0;
    rewrites++;
    degradedLsn = 0;
    exists = false;
    rotted = false;
    lostLsn = Long.MAX_VALUE;
    pendingCut = Optional.empty();
    pendingFill = Optional.empty();
    forcedAtStaging.clear();
  }

  /** Whether the disk that was replaced last held this record durably. */
  boolean formerDiskHeld(LogPosition position) {
    return formerModel != null && formerForced >= position.lsn() && formerModel.holds(position);
  }

  void died(Death how) {
    death = how == Death.POWER ? Death.POWER : death;
  }

  void rotted() {
    rotted = true;
  }

  /**
   * Whether bytes of this disk have ever changed. That everything could be read since then does not
   * make it sound: what newer records hide is in nobody's way until they are cut or their volume
   * is.
   */
  boolean mayBeDamaged() {
    return rotted;
  }

  /**
   * Whether it had reported this record to be durable, and then lost it in a last batch that
   * nothing on its disk told from a torn one.
   */
  boolean rottedAway(long lsn) {
    return lsn <= rottedAwayLsn;
  }

  boolean exists() {
    return exists;
  }

  void created(GroupStore store) {
    Violation.unless(model.lastLsn() == 0, "F7", () -> site + " made a new store over records");
    Violation.unless(store.log().last().lsn() == 0, "L2", () -> site + ": a new log is not empty");
    exists = true;
  }

  /** The store was recovered from disk. */
  void opened(GroupStore store) {
    LogPosition found = store.log().last();
    if (pendingFill.isPresent() && pendingFill.get().start().equals(found)) {
      model = pendingFill.get();
      forcedAtStaging.clear();
      appended = found.lsn();
      forced = found.lsn();
    }
    pendingFill = Optional.empty();
    long least = floor(found.lsn());
    String log = site + " held " + model.start().lsn() + ".." + model.lastLsn();
    Violation.unless(
        found.lsn() >= least,
        "L2",
        () ->
            log
                + ", must still hold "
                + least
                + " after a death of "
                + death
                + ", and shows "
                + found);
    Violation.unless(model.holds(found), "L2", () -> log + " and shows other records: " + found);
    LogEntry last = model.at(found.lsn());
    Violation.unless(
        last == null || last.endsAppend(),
        "L2",
        () -> site + " shows half an append, up to " + found);
    countRecovery(store.log().recovery(), found.lsn());
    cutModel(found.lsn());
    death = Death.PROCESS;
    pendingCut = Optional.empty();
    appended = found.lsn();
    sample(store);
  }

  /**
   * The least LSN that must be there. If stored bytes have changed, the last batch may be taken for
   * a torn one; but never one that any later durable batch says had been forced before it.
   */
  private long floor(long found) {
    long least = death == Death.POWER ? forced : appended;
    if (pendingCut.isPresent()) {
      least = Math.min(least, pendingCut.get());
    }
    if (rotted && found < least) {
      rottedAwayLsn = Math.max(rottedAwayLsn, forced);
      least = found;
      for (long lsn = found + 1; lsn <= forced; lsn++) {
        least = Math.max(least, forcedAtStaging(lsn));
      }
    }
    return least;
  }

  private long forcedAtStaging(long lsn) {
    return forcedAtStaging.get((int) (lsn - model.start().lsn() - 1));
  }

  private void countRecovery(RecoveryReport report, long found) {
    if (report.clean()) {
      rarities.reached(Rare.CLEAN_REOPEN);
    }
    if (report.tornBytes() > 0) {
      rarities.reached(Rare.TORN_TAIL_AT_RECOVERY);
    }
    if (found < model.lastLsn() && death == Death.POWER) {
      rarities.reached(Rare.UNFORCED_LOST_AT_POWER_CUT);
    }
    if (report.rewrittenRecords() > 0) {
      rarities.reached(Rare.UNFORCED_REWRITTEN_AT_RECOVERY);
    }
  }

  private void cutModel(long lsn) {
    model.cutTo(lsn);
    int left = (int) (lsn - model.start().lsn());
    forcedAtStaging.subList(left, forcedAtStaging.size()).clear();
    appended = Math.min(appended, lsn);
    forced = Math.min(forced, lsn);
    degradedLsn = 0;
    for (long n = model.start().lsn() + 1; n <= lsn; n++) {
      noteSpan(model.at(n));
    }
  }

  private void noteSpan(LogEntry entry) {
    if (entry.change() instanceof Change.DegradedSpan span) {
      degradedLsn = span.ends() ? 0 : entry.lsn();
    }
  }

  /** The leading site appended a record. */
  void appends(LogEntry entry) {
    LogEntry elsewhere = other.model.at(entry.lsn());
    Violation.unless(
        elsewhere == null || !elsewhere.position().epoch().equals(entry.position().epoch()),
        "L2",
        () -> site + " appends " + entry.position() + ", which the other site holds already");
    lineage.add(entry);
    add(entry);
  }

  /** The site took a record as another one holds it. */
  void replicates(LogEntry entry) {
    Violation.unless(
        lineage.knows(entry), "M1", () -> site + " took a record that nobody appended: " + entry);
    add(entry);
  }

  /** A record of the other site's log is read in the place of one that this one's disk lost. */
  void mended(LogEntry entry, LogPosition folded) {
    Violation.unless(
        entry.lsn() <= model.start().lsn() || model.holds(entry.position()),
        "L5",
        () -> site + " reads a record that it never held: " + entry);
    lostLsn = entry.lsn() > folded.lsn() ? Math.min(lostLsn, entry.lsn()) : lostLsn;
  }

  private void add(LogEntry entry) {
    model.add(entry);
    forcedAtStaging.add(forced);
    noteSpan(entry);
    if (entry.change() instanceof Change.VolumeResize) {
      rarities.reached(Rare.VOLUME_RESIZED);
    } else if (entry.change() instanceof Change.VolumeRemove) {
      rarities.reached(Rare.VOLUME_REMOVED);
    }
  }

  void cutBegins(long lsn) {
    checkNothingSharedGoes(lsn);
    rewrites += lsn < model.lastLsn() ? 1 : 0;
    pendingCut = Optional.of(lsn);
  }

  void cutEnds(LogPosition end) {
    pendingCut = Optional.empty();
    cutModel(end.lsn());
    Violation.unless(model.holds(end), "L2", () -> site + " was cut at " + end);
  }

  /** Base images are about to come, or to come on. */
  void fillBegins(ImageReplacement.Progress from, List<VolumeInfo> volumes) {
    boolean afresh =
        volumes.isEmpty()
            || from.compareTo(new ImageReplacement.Progress(volumes.getFirst().volume(), 0)) <= 0;
    if (!afresh) {
      rarities.reached(Rare.FILL_RESUMED);
    }
  }

  /** Base images of the other site's state at {@code at} are about to replace everything here. */
  void fillCommits(LogPosition at) {
    Violation.unless(
        other.model.holds(at), "M5", () -> site + " is filled with a state that nobody has: " + at);
    checkNothingSharedGoes(at.lsn());
    if (model.lastLsn() > 0 && !other.model.holds(model.last())) {
      rarities.reached(Rare.DIVERGED_MIRROR_REFILLED);
    }
    LogModel filled = new LogModel(cells);
    filled.replaceBy(other.model, at);
    pendingFill = Optional.of(filled);
  }

  /**
   * A cut, and a fill, take only what the other site does not hold: what both held, and clients
   * were answered for, would be at one site alone for a while, and lost in a promotion then.
   */
  private void checkNothingSharedGoes(long keptLsn) {
    LogPosition first = model.positionAt(keptLsn + 1);
    Violation.unless(
        first == null || first.lsn() > appended || !other.model.holds(first),
        "A4",
        () -> site + " gives up " + first + ", which the other site holds, and keeps " + keptLsn);
  }

  void fillCommitted() {
    model = pendingFill.orElseThrow();
    pendingFill = Optional.empty();
    forcedAtStaging.clear();
    appended = model.lastLsn();
    forced = model.lastLsn();
    degradedLsn = 0;
    folded = model.lastLsn();
    rewrites++;
    rarities.reached(Rare.FILL_COMMITTED);
  }

  /** Looks at how far the log says that it is. */
  void sample(GroupStore store) {
    SegmentLog log = store.log();
    Violation.unless(
        log.last().equals(model.last()),
        "L2",
        () -> site + " ends at " + log.last() + ", was given " + model.last());
    Violation.unless(
        log.forced() <= log.appended() && log.appended() <= log.last().lsn(),
        "W1",
        () -> site + ": forced " + log.forced() + ", appended " + log.appended());
    Violation.unless(
        log.appended() >= appended && log.forced() >= forced,
        "W1",
        () -> site + ": watermarks fell to " + log.appended() + ", " + log.forced());
    LogEntry lastAppended = model.at(log.appended());
    Violation.unless(
        lastAppended == null || lastAppended.endsAppend(),
        "L2",
        () -> site + ": half an append counts as appended");
    appended = log.appended();
    forced = log.forced();
    Violation.unless(
        store.folded().lsn() <= forced,
        "L2",
        () -> site + " folded up to " + store.folded() + ", forced is " + forced);
    noteFold(store.folded().lsn());
  }

  private void noteFold(long lsn) {
    if (lsn > folded) {
      folded = lsn;
      if (lostLsn <= lsn) {
        lostLsn = Long.MAX_VALUE;
        rarities.reached(Rare.LOG_REPAIRED);
      }
      rarities.reached(Rare.FOLDED);
    }
  }
}

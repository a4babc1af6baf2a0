package dev.farshore.tests.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.disk.Awaited;
import dev.farshore.log.group.VolumeInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.TreeMap;

/**
 * Hears what {@link GroupChild} says, and holds the store to it: after any crash each volume is
 * what a prefix of the changes makes, cut at an append, with at least everything that was promised.
 */
final class GroupWitness {

  private record Heard(Step step, boolean endsAppend) {}

  /** The volumes after the record {@code base}. */
  private final TreeMap<Integer, byte[]> volumes = new TreeMap<>();

  private long base;

  /** What was about to be appended behind it. */
  private final TreeMap<Long, Heard> pending = new TreeMap<>();

  private long appended;
  private long forced;
  private boolean cutting;
  private long appendedBeforeCut;
  private long forcedBeforeCut;
  private long folded;
  private long folds;
  private long cuts;
  private long replacements;
  private long refusals;
  private long recoveries;
  private long changes;
  private boolean failed;

  void hear(String line) {
    String[] words = line.split(" ");
    long lsn = words.length > 1 && words[1].matches("\\d+") ? Long.parseLong(words[1]) : 0;
    switch (words[0]) {
      case "starting" -> failed = false;
      case "refused" -> refusals++;
      case "opened" -> recovered(lsn);
      case "change" -> {
        changes++;
        pending.tailMap(lsn, true).clear();
        pending.put(lsn, new Heard(Step.of(words, 3), Boolean.parseBoolean(words[2])));
      }
      case "appended" -> {
        assertFalse(failed, "after a failure: " + line);
        appended = lsn;
      }
      case "forced" -> {
        assertFalse(failed, "after a failure: " + line);
        assertTrue(lsn <= (cutting ? appendedBeforeCut : appended), line + ", not " + appended);
        // A cut forces first; whether it takes away again what it forced is not known yet.
        forced = Math.min(lsn, appended);
      }
      case "cutting" -> {
        cutting = true;
        appendedBeforeCut = appended;
        forcedBeforeCut = forced;
        long end = Math.min(appended, lsn);
        while (end > base && !endsAppend(end)) {
          end--;
        }
        appended = end;
        forced = Math.min(forced, end);
      }
      case "cut" -> {
        cuts++;
        cutting = false;
        appendedBeforeCut = lsn;
        forcedBeforeCut = lsn;
        pending.tailMap(lsn, false).clear();
        appended = lsn;
        forced = lsn;
      }
      case "folded" -> {
        assertTrue(lsn <= forced, line + ", and forced is " + forced);
        folds++;
        folded = lsn;
      }
      case "replaced" -> {
        assertEquals(appended, lsn, line);
        replacements++;
      }
      case "gave-up" -> {
        refusals++;
        cutting = false;
        appended = Math.max(appended, appendedBeforeCut);
        forced = Math.max(forced, forcedBeforeCut);
      }
      case "failed" -> failed = true;
      case "closed" -> assertFalse(failed, line);
      default -> throw new AssertionError("a child said: " + line);
    }
  }

  private boolean endsAppend(long lsn) {
    return lsn == base || (pending.containsKey(lsn) && pending.get(lsn).endsAppend());
  }

  /** The store holds the changes up to {@code end} now, and they are durable. */
  private void recovered(long end) {
    recoveries++;
    failed = false;
    assertTrue(end >= appended, "the log ends at " + end + ", and appended was " + appended);
    assertTrue(endsAppend(end), end + " is no end of an append behind " + base);
    pending.headMap(end, true).forEach((lsn, heard) -> heard.step().apply(volumes, lsn));
    pending.clear();
    base = end;
    cutting = false;
    appendedBeforeCut = end;
    forcedBeforeCut = end;
    appended = end;
    forced = end;
  }

  /** Reads all volumes of a store, and goes on from what it holds. */
  void verify(GroupOnDisk group) throws IOException {
    recovered(group.store().log().last().lsn());
    assertTrue(group.store().folded().lsn() >= folded, "the images have gone back");
    for (int pass = 0; pass < 2; pass++) {
      for (VolumeInfo info : group.store().volumes()) {
        byte[] expected = volumes.get(info.volume());
        assertEquals(expected.length, info.sizeBytes(), "size of " + info);
        ByteBuffer read = ByteBuffer.allocate(expected.length);
        Awaited done = new Awaited();
        group.store().read(info.volume(), 0, read, done);
        done.join(group.disk());
        int differs = Arrays.mismatch(expected, read.array());
        assertEquals(-1, differs, info + " at " + base + ", folded " + group.store().folded());
      }
      assertEquals(volumes.size(), group.store().volumes().size());
      fold(group);
    }
  }

  /** So that the second look is at the images alone. */
  private void fold(GroupOnDisk group) {
    group.store().allowFold(base);
    long patience = System.nanoTime() + 60_000_000_000L;
    while (group.store().folded().lsn() < base && System.nanoTime() - patience < 0) {
      group.store().poll(System.nanoTime());
      Thread.onSpinWait();
    }
    assertEquals(base, group.store().folded().lsn(), "not all can be folded");
    folded = base;
  }

  /** What survives the loss of the page cache: only what was forced is promised from here on. */
  void lostPageCache() {
    appended = forced;
  }

  /** Whether the child that was heard last takes and acknowledges nothing more. */
  boolean failed() {
    return failed;
  }

  /** How often a child could not open its store, or gave up a cut or a replacement. */
  long refusals() {
    return refusals;
  }

  long appended() {
    return appended;
  }

  long folds() {
    return folds;
  }

  long cuts() {
    return cuts;
  }

  long replacements() {
    return replacements;
  }

  @Override
  public String toString() {
    return recoveries
        + " recoveries, changes "
        + changes
        + ", at "
        + base
        + ", folds "
        + folds
        + ", cuts "
        + cuts
        + ", replacements "
        + replacements
        + ", refusals "
        + refusals;
  }
}

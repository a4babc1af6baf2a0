package dev.farshore.tests.crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.LogCursor;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.record.Chain;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordType;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Remembers what children were promised about a log, and holds the log to it. */
final class LogWitness {

  /** Chains that children have named, by LSN; what they named behind a cut is forgotten. */
  private final NavigableMap<Long, String> chains = new TreeMap<>();

  private long appended;
  private long forced;
  private boolean failed;
  private long refusals;
  private long recoveries;
  private long records;

  /** Takes a line of a child. */
  void hear(String line) {
    String[] words = line.split(" ");
    switch (words[0]) {
      case "starting" -> failed = false;
      case "closed" -> assertFalse(failed, line);
      case "refused" -> refusals++;
      case "opened" -> {
        failed = false;
        recoveries++;
        checkEnd(Long.parseLong(words[1]), words[2]);
        // What was read at the start is what the next crash must keep.
        named(words);
        assertTrue(Long.parseLong(words[3]) <= appended, line);
        forced = appended;
      }
      case "appended" -> {
        assertFalse(failed, "after a failure: " + line);
        named(words);
      }
      case "forced" -> {
        assertFalse(failed, "after a failure: " + line);
        forced = Long.parseLong(words[1]);
        assertTrue(forced <= appended, line + ", and appended is " + appended);
      }
      case "cutting" -> {
        appended = Math.min(appended, Long.parseLong(words[1]));
        // A cut ends at an append, which may begin as far back as the longest append is.
        while (appended > 0 && !chains.containsKey(appended)) {
          appended--;
        }
        forced = Math.min(forced, appended);
      }
      case "cut" -> {
        chains.tailMap(Long.parseLong(words[1]), false).clear();
        named(words);
        forced = appended;
      }
      case "failed" -> failed = true;
      default -> throw new AssertionError("a child said: " + line);
    }
  }

  private void named(String[] words) {
    long lsn = Long.parseLong(words[1]);
    chains.put(lsn, words[2]);
    appended = lsn;
    while (chains.size() > 20_000) {
      chains.pollFirstEntry();
    }
  }

  private void checkEnd(long last, String chain) {
    assertTrue(last >= appended, "the log ends at " + last + ", and appended was " + appended);
    chains.tailMap(last, false).clear();
    String known = chains.get(last);
    assertTrue(known == null || known.equals(chain), "another record " + last);
  }

  /** Whether the child that was heard last saw its log poisoned. */
  boolean failed() {
    return failed;
  }

  /** How often a child could not open its log. */
  long refusals() {
    return refusals;
  }

  long appended() {
    return appended;
  }

  /** What survives the loss of the page cache: only what was forced is promised from here on. */
  void lostPageCache() {
    appended = forced;
  }

  /** Reads a log through, holds it to what was promised, and goes on from what it holds. */
  void verify(SegmentLog log) throws IOException {
    failed = false;
    recoveries++;
    LogPosition end = log.last();
    checkEnd(end.lsn(), end.chain().toString());
    assertEquals(end.lsn(), log.appended());
    assertEquals(end.lsn(), log.forced());
    RecordView view = new RecordView();
    long first = log.first();
    Chain chain = log.positionAt(first - 1).orElseThrow().chain();
    try (LogCursor cursor = log.cursor(first)) {
      for (long lsn = first; lsn <= end.lsn(); lsn++) {
        chain = checkRecord(next(log, cursor), view, lsn, chain);
      }
    }
    named(new String[] {"", Long.toString(end.lsn()), end.chain().toString()});
    forced = appended;
  }

  private static ByteBuffer next(SegmentLog log, LogCursor cursor) throws IOException {
    ByteBuffer record = cursor.next();
    while (record == null) {
      log.poll(System.nanoTime());
      Thread.onSpinWait();
      record = cursor.next();
    }
    return record;
  }

  private Chain checkRecord(ByteBuffer record, RecordView view, long lsn, Chain before) {
    records++;
    assertTrue(view.wrap(record).verifyHeader() && view.verifyPayload(), "record " + lsn);
    assertEquals(lsn, view.lsn());
    assertEquals(view.chainAfter(before), view.chain(), "chain at " + lsn);
    assertTrue(
        view.type() != RecordType.WRITE || Payloads.isWhole(view.payload(), lsn),
        "payload of record " + lsn);
    String known = chains.get(lsn);
    assertTrue(known == null || known.equals(view.chain().toString()), "another record " + lsn);
    return view.chain();
  }

  @Override
  public String toString() {
    Map.Entry<Long, String> last = chains.lastEntry();
    return recoveries
        + " recoveries, "
        + records
        + " records read back, appended "
        + appended
        + ", forced "
        + forced
        + ", last named "
        + (last == null ? 0 : last.getKey());
  }
}

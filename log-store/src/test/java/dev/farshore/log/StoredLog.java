package dev.farshore.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordType;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * A log at rest: its files, and what whoever wrote it knows of it.
 *
 * @param files by name
 * @param records all that were appended
 * @param appendEnds LSNs at which an append ends, 0 among them
 * @param forced LSN up to which the log had said that it was forced
 * @param certain LSN up to which not even damage may end it unnoticed
 */
record StoredLog(
    SortedMap<String, byte[]> files,
    List<byte[]> records,
    List<Long> appendEnds,
    long forced,
    long certain) {

  static final String NAME = "log";
  static final Epoch EPOCH = new Epoch(1, 1);

  /** How the process ends that wrote the log. */
  enum Ending {
    /** It closes the log. */
    CLOSED,
    /** It dies after a while without appends. */
    QUIET,
    /** It dies as soon as the last append has been forced. */
    FORCED,
    /** It dies when some appends have been handed to the operating system and not forced. */
    WRITTEN
  }

  /** Writes a log of some segments and appends of one to three records, and ends. */
  static StoredLog written(KeeperUnderTest keeper, Ending ending) throws IOException {
    keeper.lay(new TreeMap<>());
    SegmentLog log = keeper.logs(keeper.mount()).create(NAME, LogPosition.START);
    LogDriver driver = new LogDriver(log);
    SplittableRandom random = new SplittableRandom(1);
    List<Long> ends = new ArrayList<>(List.of(0L));
    for (int i = 0; i < 40; i++) {
      append(log, random, ends);
      driver.write();
    }
    driver.force();
    long certain = log.forced();
    // The next batch says that the one before it was forced.
    append(log, random, ends);
    driver.write();
    for (int i = 0; i < 3; i++) {
      append(log, random, ends);
    }
    driver.write();
    long forced = certain;
    if (ending != Ending.WRITTEN) {
      driver.force();
      forced = log.forced();
    }
    List<byte[]> records = driver.records(1, log.last().lsn());
    if (ending == Ending.CLOSED) {
      log.close();
    } else if (ending == Ending.QUIET) {
      driver.pass(1_000_000_000L);
    }
    if (ending == Ending.CLOSED || ending == Ending.QUIET) {
      certain = forced;
    }
    return new StoredLog(keeper.files(), records, ends, forced, certain);
  }

  static void append(SegmentLog log, SplittableRandom random, List<Long> ends) throws IOException {
    List<Change> changes = new ArrayList<>();
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      byte[] bytes = new byte[random.nextInt(10) == 0 ? 9000 : 1 + random.nextInt(1500)];
      random.nextBytes(bytes);
      changes.add(new Change.Write(i, random.nextInt(1 << 20), ByteBuffer.wrap(bytes)));
    }
    ends.add(log.append(changes, EPOCH, 0));
  }

  /** What became of the log after something had been done to its files. */
  enum Found {
    /** It opened, ends where it should, and every record was read. */
    WHOLE,
    /** It ended earlier, which was no secret. */
    SHORTER,
    /** It opened, and said of some record that it is damaged. */
    DAMAGED_RECORD,
    /** It said that it is damaged, and did not open. */
    REFUSED
  }

  /**
   * Opens the log and reads all of it. Whatever was done to it, it gives out nothing that was not
   * appended, and it never ends before {@link #forced} without a word.
   */
  Found examine(KeeperUnderTest keeper) throws IOException {
    SegmentLog log;
    try {
      log = keeper.logs(keeper.mount()).open(NAME);
    } catch (LogDamagedException e) {
      assertTrue(e.segment() >= 0 && e.offset() >= 0, e.toString());
      return Found.REFUSED;
    }
    long end = log.last().lsn();
    assertTrue(end >= certain, "ends at " + end + ", and was forced up to " + certain);
    assertTrue(appendEnds.contains(end), end + " is no end of an append");
    assertEquals(end, log.appended());
    assertEquals(end, log.forced());
    boolean damaged = readAll(log);
    Found found = damaged ? Found.DAMAGED_RECORD : Found.WHOLE;
    if (end < forced) {
      RecoveryReport report = log.recovery();
      assertTrue(
          report.tornBytes() > 0 || report.droppedRecords() > 0,
          "forced records " + (end + 1) + " to " + forced + " were cut without a word: " + report);
      found = Found.SHORTER;
    }
    log.close();
    return found;
  }

  /** Whether some record was said to be damaged; all others are what was appended. */
  private boolean readAll(SegmentLog log) throws IOException {
    boolean damaged = false;
    LogDriver driver = new LogDriver(log);
    long lsn = log.first();
    while (lsn <= log.last().lsn()) {
      try (LogCursor cursor = log.cursor(lsn)) {
        while (lsn <= log.last().lsn()) {
          assertArrayEquals(records.get((int) lsn - 1), driver.next(cursor), "lsn " + lsn);
          lsn++;
        }
      } catch (LogDamagedException e) {
        damaged = true;
        lsn++;
      }
    }
    for (lsn = log.first(); lsn <= log.last().lsn(); lsn += 7) {
      damaged |= readPayload(driver, lsn);
    }
    return damaged;
  }

  private boolean readPayload(LogDriver driver, long lsn) throws IOException {
    RecordView view = new RecordView().wrap(ByteBuffer.wrap(records.get((int) lsn - 1)));
    assertEquals(RecordType.WRITE, view.type());
    Change.Write change = (Change.Write) view.change();
    byte[] expected = new byte[change.data().remaining()];
    change.data().get(change.data().position(), expected);
    try {
      byte[] read = driver.payload(lsn, change.volume(), 0, expected.length);
      assertArrayEquals(expected, read, "payload of lsn " + lsn);
      return false;
    } catch (LogDamagedException e) {
      return true;
    }
  }

  /** The name of the file whose turn it is if all bytes of all files are counted through. */
  Optional<String> fileAt(long position) {
    long before = 0;
    for (var file : files.entrySet()) {
      before += file.getValue().length;
      if (position < before) {
        return Optional.of(file.getKey());
      }
    }
    return Optional.empty();
  }

  /** Where in its file that byte is. */
  int offsetAt(long position) {
    long before = 0;
    for (byte[] bytes : files.values()) {
      if (position < before + bytes.length) {
        return (int) (position - before);
      }
      before += bytes.length;
    }
    throw new IndexOutOfBoundsException(Long.toString(position));
  }

  long totalBytes() {
    return files.values().stream().mapToLong(bytes -> bytes.length).sum();
  }

  /** The files with something else in one of them. */
  SortedMap<String, byte[]> with(String name, byte[] bytes) {
    SortedMap<String, byte[]> changed = new TreeMap<>(files);
    changed.put(name, bytes);
    return changed;
  }

  SortedMap<String, byte[]> without(String name) {
    SortedMap<String, byte[]> changed = new TreeMap<>(files);
    changed.remove(name);
    return changed;
  }
}

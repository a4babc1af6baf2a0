package dev.farshore.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.farshore.log.StoredLog.Ending;
import dev.farshore.log.StoredLog.Found;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Logs whose files were damaged while nobody looked. {@code -Dfarshore.contract.stride=1} tries
 * every byte.
 */
abstract class DamageContract {
  private static final int STRIDE = Integer.getInteger("farshore.contract.stride", 797);
  private static final int SECTOR = 512;

  private KeeperUnderTest keeper;
  private final Map<Found, Integer> met = new EnumMap<>(Found.class);

  abstract KeeperUnderTest keeper() throws IOException;

  @BeforeEach
  void openKeeper() throws IOException {
    keeper = keeper();
  }

  @AfterEach
  void closeKeeper() throws IOException {
    keeper.close();
  }

  private Found examine(StoredLog log, SortedMap<String, byte[]> files, String what)
      throws IOException {
    keeper.lay(files);
    try {
      Found found = log.examine(keeper);
      met.merge(found, 1, Integer::sum);
      return found;
    } catch (IOException | RuntimeException | AssertionError e) {
      throw new AssertionError(what + ": " + e, e);
    }
  }

  private void requireMet(Found... founds) {
    for (Found found : founds) {
      assertTrue(met.containsKey(found), "never met: " + found + " in " + met);
    }
  }

  @ParameterizedTest
  @EnumSource
  void isWhatItWasWhenNothingWasDamaged(Ending ending) throws IOException {
    StoredLog log = StoredLog.written(keeper, ending);
    assertTrue(log.files().size() >= 3, "in " + log.files().keySet());
    assertEquals(Found.WHOLE, examine(log, log.files(), "at rest"));
    assertEquals(Found.WHOLE, log.examine(keeper), "opened again");
  }

  /** One bit of one byte, all over the files. */
  @ParameterizedTest
  @EnumSource
  void rotInAnyByteIsFoundOrDoesNotMatter(Ending ending) throws IOException {
    StoredLog log = StoredLog.written(keeper, ending);
    for (long position = 0; position < log.totalBytes(); position += STRIDE * keeper.sparseness()) {
      flip(log, position);
    }
    requireMet(Found.WHOLE);
    if (keeper.sparseness() == 1) {
      requireMet(Found.DAMAGED_RECORD, Found.REFUSED);
    }
  }

  /** Every byte of what says what a file is, and of what says how it goes on. */
  @ParameterizedTest
  @EnumSource(names = {"CLOSED", "FORCED"})
  void rotInAnyByteOfAHeaderIsFoundOrDoesNotMatter(Ending ending) throws IOException {
    StoredLog log = StoredLog.written(keeper, ending);
    int stride = Math.min(STRIDE, 3) * keeper.sparseness();
    long start = 0;
    for (byte[] bytes : log.files().values()) {
      for (int page = 0; page < 4; page++) {
        for (int at = page * 4096; at < Math.min(bytes.length, page * 4096 + 96); at += stride) {
          flip(log, start + at);
        }
      }
      start += bytes.length;
    }
    requireMet(Found.WHOLE);
  }

  private void flip(StoredLog log, long position) throws IOException {
    String file = log.fileAt(position).orElseThrow();
    int offset = log.offsetAt(position);
    byte[] bytes = log.files().get(file).clone();
    int bit = new SplittableRandom(position).nextInt(8);
    bytes[offset] ^= (byte) (1 << bit);
    examine(log, log.with(file, bytes), "bit " + bit + " of byte " + offset + " of " + file);
  }

  /** A sector that holds something else, zeros, or another sector's bytes. */
  @ParameterizedTest
  @EnumSource
  void aSectorThatWasLostOrMisdirectedIsFoundOrDoesNotMatter(Ending ending) throws IOException {
    StoredLog log = StoredLog.written(keeper, ending);
    SplittableRandom random = new SplittableRandom(5);
    int stride = Math.max(1, STRIDE / 16) * Math.min(4, keeper.sparseness());
    for (long at = 0; at + SECTOR <= log.totalBytes(); at += (long) stride * SECTOR) {
      String file = log.fileAt(at).orElseThrow();
      int offset = log.offsetAt(at) / SECTOR * SECTOR;
      byte[] bytes = log.files().get(file).clone();
      int from = random.nextInt(bytes.length / SECTOR) * SECTOR;
      if (random.nextBoolean()) {
        System.arraycopy(log.files().get(file), from, bytes, offset, SECTOR);
      } else {
        Arrays.fill(bytes, offset, offset + SECTOR, (byte) 0);
      }
      examine(log, log.with(file, bytes), "sector at " + offset + " of " + file);
    }
    requireMet(Found.WHOLE);
  }

  @ParameterizedTest
  @EnumSource
  void aFileThatIsMissingOrCutShortIsFoundOrDoesNotMatter(Ending ending) throws IOException {
    StoredLog log = StoredLog.written(keeper, ending);
    for (String file : log.files().keySet()) {
      examine(log, log.without(file), file + " is missing");
      byte[] bytes = log.files().get(file);
      for (int length = 0;
          length < bytes.length;
          length += 4096 * Math.min(4, keeper.sparseness())) {
        byte[] cut = Arrays.copyOf(bytes, length);
        examine(log, log.with(file, cut), file + " ends at " + length);
      }
    }
    requireMet(Found.REFUSED);
  }

  @Test
  void thereIsNoLogWithoutItsFiles() throws IOException {
    StoredLog log = StoredLog.written(keeper, Ending.CLOSED);
    keeper.lay(new TreeMap<>());
    try {
      log.examine(keeper);
      fail("a log without files has opened");
    } catch (NoSuchFileException | FileNotFoundException expected) {
      assertEquals(List.of(), new ArrayList<>(keeper.files().keySet()));
    }
  }

  /** Any of the sectors written since the last force may be what they were before it. */
  @Test
  void aTornTailEndsAtAnAppendAndIsNeverTakenForDamage() throws IOException {
    StoredLog before = StoredLog.written(keeper, Ending.QUIET);
    SegmentLog log = keeper.logs(keeper.mount()).open(StoredLog.NAME);
    LogDriver driver = new LogDriver(log);
    driver.pass(1_000_000_000L);
    final SortedMap<String, byte[]> forced = keeper.files();
    List<Long> ends = new ArrayList<>(before.appendEnds());
    SplittableRandom random = new SplittableRandom(8);
    for (int i = 0; i < 8; i++) {
      StoredLog.append(log, random, ends);
      driver.write();
    }
    StoredLog after =
        new StoredLog(
            keeper.files(),
            driver.records(1, log.last().lsn()),
            ends,
            before.forced(),
            before.forced());
    for (int run = 0; run < 200 / Math.min(10, keeper.sparseness()); run++) {
      Found found = examine(after, torn(forced, after.files(), random), "torn in run " + run);
      assertEquals(Found.WHOLE, found, "run " + run);
    }
  }

  private static SortedMap<String, byte[]> torn(
      SortedMap<String, byte[]> before, SortedMap<String, byte[]> after, SplittableRandom random) {
    SortedMap<String, byte[]> torn = new TreeMap<>();
    int lostOfTen = 1 + random.nextInt(9);
    int kept = random.nextBoolean() ? Integer.MAX_VALUE : random.nextInt(40);
    for (Map.Entry<String, byte[]> file : after.entrySet()) {
      byte[] bytes = file.getValue().clone();
      // A segment that was still being prepared then has grown since.
      byte[] old = Arrays.copyOf(before.getOrDefault(file.getKey(), new byte[0]), bytes.length);
      for (int at = 0; at + SECTOR <= bytes.length; at += SECTOR) {
        boolean changed = !Arrays.equals(bytes, at, at + SECTOR, old, at, at + SECTOR);
        boolean lost = kept == Integer.MAX_VALUE ? random.nextInt(10) < lostOfTen : --kept < 0;
        if (changed && lost) {
          System.arraycopy(old, at, bytes, at, SECTOR);
        }
      }
      torn.put(file.getKey(), bytes);
    }
    return torn;
  }
}

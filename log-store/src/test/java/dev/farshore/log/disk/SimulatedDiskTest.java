package dev.farshore.log.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.disk.DiskFaults.Call;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The physics of the simulated disk: what a power cut and each fault may do, and may not. */
class SimulatedDiskTest extends DiskContract {

  private final SimulatedPlatter platter =
      new SimulatedPlatter(new SplittableRandom(17), DiskTiming.SOLID_STATE);

  @Override
  Disk open() {
    return platter.mount();
  }

  private static SimulatedPlatter platter(long seed) {
    return new SimulatedPlatter(new SplittableRandom(seed), DiskTiming.SHUFFLED);
  }

  @Test
  void aPowerCutKeepsWhatWasForcedAndTearsTheRestAtSectors() throws IOException {
    Set<String> fates = new TreeSet<>();
    for (long seed = 0; seed < 200; seed++) {
      SimulatedPlatter platter = platter(seed);
      Disk disk = platter.mount();
      DiskFile file = disk.create("a", Disk.Access.LOG);
      disk.forceDirectory();
      write(disk, file, 0, filled(2048, 1));
      force(disk, file);
      write(disk, file, 0, filled(2048, 2));
      platter.powerCut();
      byte[] left = platter.liveBytes("a");
      assertEquals(2048, left.length);
      StringBuilder fate = new StringBuilder();
      for (int sector = 0; sector < 4; sector++) {
        byte[] bytes = Arrays.copyOfRange(left, sector * 512, sector * 512 + 512);
        assertArrayEquals(filled(512, bytes[0]), bytes, "sectors are atomic, seed " + seed);
        assertTrue(bytes[0] == 1 || bytes[0] == 2, "seed " + seed);
        fate.append(bytes[0]);
      }
      fates.add(fate.toString());
    }
    assertTrue(fates.contains("1111") && fates.contains("2222"), fates.toString());
    assertTrue(fates.size() > 4, fates.toString());
  }

  @Test
  void aForceCoversOnlyWhatHadCompletedWhenItWasSubmitted() throws IOException {
    boolean lost = false;
    for (long seed = 0; seed < 100; seed++) {
      SimulatedPlatter platter = platter(seed);
      Disk disk = platter.mount();
      DiskFile file = disk.create("a", Disk.Access.LOG);
      disk.forceDirectory();
      write(disk, file, 0, filled(512, 1));
      Outcome forced = new Outcome();
      file.force(forced);
      Outcome late = new Outcome();
      file.write(0, ByteBuffer.wrap(filled(512, 2)), late);
      late.on(disk);
      forced.on(disk);
      platter.powerCut();
      byte first = platter.liveBytes("a")[0];
      assertTrue(first == 1 || first == 2, "seed " + seed);
      lost |= first == 1;
    }
    assertTrue(lost);
  }

  @Test
  void namesSurviveOnlyAForceOfTheDirectory() throws IOException {
    Set<String> fates = new TreeSet<>();
    for (long seed = 0; seed < 100; seed++) {
      SimulatedPlatter platter = platter(seed);
      Disk disk = platter.mount();
      disk.create("kept", Disk.Access.LOG).close();
      disk.create("old", Disk.Access.LOG).close();
      disk.forceDirectory();
      DiskFile created = disk.create("new", Disk.Access.LOG);
      write(disk, created, 0, filled(10, 3));
      force(disk, created);
      disk.rename("old", "renamed");
      platter.powerCut();
      assertTrue(platter.names().contains("kept"), "seed " + seed);
      assertNotEquals(
          platter.names().contains("old"), platter.names().contains("renamed"), "seed " + seed);
      if (platter.names().contains("new")) {
        assertArrayEquals(filled(10, 3), platter.liveBytes("new"), "seed " + seed);
      }
      fates.add(platter.names().toString());
    }
    assertEquals(4, fates.size(), fates.toString());
  }

  @Test
  void processDeathKeepsEverythingThatCompleted() throws IOException {
    for (long seed = 0; seed < 50; seed++) {
      SimulatedPlatter platter = platter(seed);
      Disk disk = platter.mount();
      DiskFile file = disk.create("a", Disk.Access.LOG);
      write(disk, file, 0, filled(700, 1));
      file.write(700, ByteBuffer.wrap(filled(2000, 2)), new Outcome());
      platter.processDeath();
      byte[] left = platter.liveBytes("a");
      assertTrue(left.length >= 700 && left.length < 2700, "seed " + seed);
      assertArrayEquals(filled(700, 1), Arrays.copyOf(left, 700), "seed " + seed);
      disk = platter.mount();
      file = disk.open("a", Disk.Access.RANDOM);
      force(disk, file);
      disk.forceDirectory();
      platter.powerCut();
      assertArrayEquals(left, platter.liveBytes("a"), "a later process can force it");
    }
  }

  @Test
  void aFailedForceLeavesTheCacheClaimingWhatThePlatterLacks() throws IOException {
    Disk disk = platter.mount();
    DiskFile file = disk.create("a", Disk.Access.LOG);
    disk.forceDirectory();
    write(disk, file, 0, filled(4096, 1));
    force(disk, file);
    for (int i = 0; i < 8; i++) {
      write(disk, file, i * 512, filled(512, 2));
    }
    platter.faults().failOnce(EnumSet.of(Call.FORCE), 1);
    Outcome failed = new Outcome();
    file.force(failed);
    assertNotNull(failed.failureOn(disk));
    force(disk, file);
    assertArrayEquals(filled(4096, 2), read(disk, file, 0, 4096), "the cache claims it");
    platter.dropCaches();
    assertFalse(Arrays.equals(filled(4096, 2), read(disk, file, 0, 4096)));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatIsRewrittenAfterAFailedForceIsThereOnlyIfTheCacheWasDistrusted(boolean distrusted)
      throws IOException {
    Disk disk = platter.mount();
    DiskFile file = disk.create("a", Disk.Access.RANDOM);
    disk.forceDirectory();
    byte[] bytes = filled(16 * 4096, 3);
    write(disk, file, 0, bytes);
    platter.faults().failOnce(EnumSet.of(Call.FORCE), 1);
    Outcome failed = new Outcome();
    file.force(failed);
    assertNotNull(failed.failureOn(disk));
    if (distrusted) {
      file.distrustCache();
    }
    for (int i = 0; i < 16; i++) {
      write(disk, file, i * 4096, filled(4096, 3));
    }
    force(disk, file);
    assertArrayEquals(bytes, read(disk, file, 0, bytes.length), "the cache has it");
    platter.powerCut();
    disk = platter.mount();
    file = disk.open("a", Disk.Access.RANDOM);
    assertEquals(distrusted, Arrays.equals(bytes, read(disk, file, 0, bytes.length)));
  }

  @Test
  void failsTheNthCallOnceOrFromThenOn() throws IOException {
    Disk disk = platter.mount();
    DiskFile file = disk.create("a", Disk.Access.LOG);
    platter.faults().failOnce(EnumSet.of(Call.WRITE), 2);
    assertNull(attempt(disk, file));
    assertNotNull(attempt(disk, file));
    assertNull(attempt(disk, file));
    platter.faults().failFrom(EnumSet.of(Call.WRITE, Call.DIRECTORY), 2);
    assertNull(attempt(disk, file));
    assertNotNull(attempt(disk, file));
    assertThrows(IOException.class, () -> disk.exists("a"));
    force(disk, file);
    platter.faults().heal();
    assertNull(attempt(disk, file));
    assertEquals(3, platter.faults().failures());
  }

  private static IOException attempt(Disk disk, DiskFile file) {
    Outcome outcome = new Outcome();
    file.write(0, ByteBuffer.allocate(10), outcome);
    return outcome.failureOn(disk);
  }

  @Test
  void losesPowerAtACallAndStaysDark() throws IOException {
    Disk disk = platter.mount();
    DiskFile file = disk.create("a", Disk.Access.LOG);
    disk.forceDirectory();
    platter.faults().losePowerAt(2);
    write(disk, file, 0, filled(10, 1));
    assertThrows(DiskFaults.PowerLoss.class, () -> force(disk, file));
    assertThrows(DiskFaults.PowerLoss.class, () -> disk.exists("a"));
    platter.powerCut();
    assertTrue(platter.mount().exists("a"));
  }

  @Test
  void isFullBeyondItsCapacityButNotForWhatHasRoomAlready() throws IOException {
    Disk disk = platter.mount();
    DiskFile file = disk.create("a", Disk.Access.LOG);
    platter.setCapacity(3 * 4096);
    write(disk, file, 0, new byte[2 * 4096]);
    assertEquals(4096, disk.freeBytes());
    Outcome full = new Outcome();
    file.write(2 * 4096, ByteBuffer.allocate(4097), full);
    assertInstanceOf(DiskFullException.class, full.failureOn(disk));
    write(disk, file, 0, filled(2 * 4096, 9));
    file.setSize(1 << 30);
    assertArrayEquals(new byte[8], read(disk, file, 1 << 20, 8));
    file.setSize(0);
    assertEquals(3 * 4096, disk.freeBytes());
  }

  @Test
  void rotsAndHasUnreadableSectors() throws IOException {
    Disk disk = platter.mount();
    DiskFile file = disk.create("a", Disk.Access.LOG);
    write(disk, file, 0, filled(4096, 1));
    force(disk, file);
    platter.flipBit("a", 8 * 100 + 3);
    assertEquals(1 ^ 8, read(disk, file, 100, 1)[0]);
    platter.rot("a", 200, 50);
    for (byte b : read(disk, file, 200, 50)) {
      assertNotEquals(1, b);
    }
    platter.makeUnreadable("a", 1024, 1);
    assertArrayEquals(filled(512, 1), read(disk, file, 512, 512));
    assertThrows(IOException.class, () -> read(disk, file, 1500, 100));
    write(disk, file, 1024, filled(512, 7));
    assertArrayEquals(filled(512, 7), read(disk, file, 1024, 512));
  }

  @Test
  void aLyingForceMakesNothingDurable() throws IOException {
    boolean lost = false;
    for (long seed = 0; seed < 20; seed++) {
      SimulatedPlatter platter = platter(seed);
      Disk disk = platter.mount();
      DiskFile file = disk.create("a", Disk.Access.LOG);
      disk.forceDirectory();
      platter.faults().lie(true);
      write(disk, file, 0, filled(10, 1));
      force(disk, file);
      platter.powerCut();
      lost |= platter.liveBytes("a").length == 0;
    }
    assertTrue(lost);
  }

  @Test
  void aDurableCopyHoldsWhatWasForcedUnderForcedNamesAndNothingElse() throws IOException {
    SimulatedPlatter platter = platter(5);
    Disk disk = platter.mount();
    DiskFile file = disk.create("a", Disk.Access.RANDOM);
    disk.forceDirectory();
    write(disk, file, 0, filled(1024, 1));
    force(disk, file);
    write(disk, file, 0, filled(1024, 2));
    force(disk, disk.create("b", Disk.Access.RANDOM));
    disk.rename("a", "c");

    SimulatedPlatter copy = platter.durableCopy(new SplittableRandom(1));

    assertEquals(List.of("a"), copy.names());
    assertArrayEquals(filled(1024, 1), copy.liveBytes("a"));
    write(disk, file, 0, filled(1024, 3));
    force(disk, file);
    assertArrayEquals(filled(1024, 1), copy.durableBytes("a"), "the copy is its own");
  }

  @Test
  void completesInVirtualTime() throws IOException {
    Disk disk = platter.mount();
    DiskFile file = disk.create("a", Disk.Access.LOG);
    disk.poll(1_000);
    Outcome forced = new Outcome();
    file.force(forced);
    long due = disk.nextDeadlineNanos();
    assertTrue(due >= 401_000 && due <= 501_000, "due at " + due);
    assertEquals(0, disk.poll(due - 1));
    assertFalse(forced.isTold());
    assertEquals(1, disk.poll(due));
    assertTrue(forced.isTold());
  }

  @Test
  void theSameSeedGivesTheSameRun() throws IOException {
    assertArrayEquals(randomRun(5), randomRun(5));
    assertFalse(Arrays.equals(randomRun(5), randomRun(6)));
  }

  private static byte[] randomRun(long seed) throws IOException {
    SimulatedPlatter platter = platter(seed);
    SplittableRandom random = new SplittableRandom(seed);
    Disk disk = platter.mount();
    DiskFile file = disk.create("a", Disk.Access.RANDOM);
    disk.forceDirectory();
    write(disk, file, 0, new byte[10_000]);
    force(disk, file);
    for (int i = 0; i < 200; i++) {
      file.write(random.nextInt(9_000), ByteBuffer.wrap(random(1_000, i)), new Outcome());
      if (random.nextInt(5) == 0) {
        file.force(new Outcome());
        disk.poll(i * 100_000L);
      }
    }
    platter.powerCut();
    return platter.liveBytes("a");
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}

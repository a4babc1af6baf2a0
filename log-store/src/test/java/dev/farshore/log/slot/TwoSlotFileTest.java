package dev.farshore.log.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskFaults.Call;
import dev.farshore.log.disk.DiskFaults.PowerLoss;
import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.disk.SimulatedPlatter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.EnumSet;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TwoSlotFileTest {
  private static final SlotFormat FORMAT = new SlotFormat(0x7e57f11e7e57f11eL, 1, 8192);

  private static SimulatedPlatter platter(long seed) {
    return new SimulatedPlatter(new Random(seed), DiskTiming.SHUFFLED);
  }

  /** A value longer than a sector, so that it can tear. */
  private static ByteBuffer value(int number) {
    ByteBuffer value = ByteBuffer.allocate(3000);
    while (value.hasRemaining()) {
      value.putInt(number);
    }
    return value.flip();
  }

  private static int number(TwoSlotFile file) {
    ByteBuffer value = file.value();
    int first = value.getInt();
    while (value.hasRemaining()) {
      assertEquals(first, value.getInt(), "a mixture of values");
    }
    return first;
  }

  private static TwoSlotFile open(Disk disk) throws IOException {
    return TwoSlotFile.open(disk, "state", FORMAT);
  }

  private static void create(SimulatedPlatter platter) throws IOException {
    try (Disk disk = platter.mount()) {
      TwoSlotFile.create(disk, "state", FORMAT, value(0)).close();
    }
  }

  @Test
  void keepsTheLastValueAndCountsThem() throws IOException {
    SimulatedPlatter platter = platter(1);
    create(platter);
    try (Disk disk = platter.mount();
        TwoSlotFile file = open(disk)) {
      for (int i = 1; i <= 5; i++) {
        file.write(value(i));
        assertEquals(i, number(file));
      }
    }
    platter.powerCut();
    try (Disk disk = platter.mount();
        TwoSlotFile file = open(disk)) {
      assertEquals(5, number(file));
      assertEquals(6, file.sequence());
    }
  }

  @Test
  void isCreatedWholeOrNotAtAll() throws IOException {
    for (long seed = 0; seed < 40; seed++) {
      SimulatedPlatter platter = platter(seed);
      platter.faults().losePowerAt(1 + seed % 20);
      boolean returned = false;
      try (Disk disk = platter.mount()) {
        TwoSlotFile.create(disk, "state", FORMAT, value(0));
        returned = true;
      } catch (PowerLoss expected) {
        assertTrue(seed % 20 < 15);
      }
      platter.powerCut();
      try (Disk disk = platter.mount();
          TwoSlotFile file = open(disk)) {
        assertEquals(0, number(file), "seed " + seed);
      } catch (NoSuchFileException notYet) {
        assertFalse(returned, "seed " + seed);
      }
    }
  }

  /** Three writes, the power lost at every call in turn, and again while the file is opened. */
  @Test
  void holdsTheOldValueOrTheNewOneAfterAPowerCutAtAnyCall() throws IOException {
    int cuts = 0;
    for (int call = 1; call <= 20; call++) {
      for (long seed = 0; seed < 25; seed++) {
        SimulatedPlatter platter = platter(seed);
        create(platter);
        int durable = 0;
        platter.faults().losePowerAt(call);
        try (Disk disk = platter.mount();
            TwoSlotFile file = open(disk)) {
          for (int i = 1; i <= 3; i++) {
            file.write(value(i));
            durable = i;
          }
        } catch (PowerLoss expected) {
          cuts++;
        }
        platter.powerCut();
        platter.faults().losePowerAt(1 + seed % 8);
        try (Disk disk = platter.mount();
            TwoSlotFile file = open(disk)) {
          number(file);
        } catch (PowerLoss expected) {
          cuts++;
        }
        platter.powerCut();
        try (Disk disk = platter.mount();
            TwoSlotFile file = open(disk)) {
          int found = number(file);
          assertTrue(
              found == durable || found == durable + 1,
              "call " + call + ", seed " + seed + ": " + durable + " was written, found " + found);
        }
      }
    }
    assertTrue(cuts > 400, cuts + " cuts");
  }

  @Test
  void survivesTheRotOfEitherSlotWithoutGoingBack() throws IOException {
    for (int slot = 0; slot < 2; slot++) {
      SimulatedPlatter platter = platter(slot);
      create(platter);
      try (Disk disk = platter.mount();
          TwoSlotFile file = open(disk)) {
        file.write(value(1));
        file.write(value(2));
      }
      platter.rot("state", (long) slot * FORMAT.slotBytes() + 100, 600);
      try (Disk disk = platter.mount();
          TwoSlotFile file = open(disk)) {
        assertEquals(2, number(file));
      }
      // Opening has healed it: the other slot may now go.
      platter.rot("state", (1L - slot) * FORMAT.slotBytes() + 100, 600);
      try (Disk disk = platter.mount();
          TwoSlotFile file = open(disk)) {
        assertEquals(2, number(file));
      }
    }
  }

  @Test
  void survivesAnUnreadableSlotAndReportsTwo() throws IOException {
    SimulatedPlatter platter = platter(3);
    create(platter);
    platter.makeUnreadable("state", 0, 512);
    try (Disk disk = platter.mount();
        TwoSlotFile file = open(disk)) {
      assertEquals(0, number(file));
    }
    platter.makeUnreadable("state", 0, 512);
    platter.rot("state", FORMAT.slotBytes(), 4);
    try (Disk disk = platter.mount()) {
      assertThrows(SlotsDamagedException.class, () -> open(disk));
    }
  }

  @Test
  void writesNothingMoreOnceAWriteHasFailed() throws IOException {
    for (int n = 1; n <= 4; n++) {
      for (long seed = 0; seed < 10; seed++) {
        SimulatedPlatter platter = platter(seed);
        create(platter);
        try (Disk disk = platter.mount();
            TwoSlotFile file = open(disk)) {
          platter.faults().failOnce(EnumSet.of(Call.WRITE, Call.FORCE), n);
          assertThrows(IOException.class, () -> file.write(value(1)));
          assertEquals(0, number(file));
          assertTrue(file.failure().isPresent());
          assertThrows(IOException.class, () -> file.write(value(2)));
        }
        platter.dropCaches();
        platter.powerCut();
        try (Disk disk = platter.mount();
            TwoSlotFile file = open(disk)) {
          assertTrue(number(file) <= 1, "the refused value is there");
        }
      }
    }
  }

  /**
   * What the cache shows after a failed force is made durable by opening, before it is believed.
   */
  @Test
  void believesTheCacheOnlyOnceItHasWrittenItAgain() throws IOException {
    for (long seed = 0; seed < 40; seed++) {
      SimulatedPlatter platter = platter(seed);
      create(platter);
      try (Disk disk = platter.mount();
          TwoSlotFile file = open(disk)) {
        platter.faults().failOnce(EnumSet.of(Call.FORCE), 1);
        assertThrows(IOException.class, () -> file.write(value(1)));
      }
      int found;
      try (Disk disk = platter.mount();
          TwoSlotFile file = open(disk)) {
        found = number(file);
      }
      platter.dropCaches();
      platter.powerCut();
      try (Disk disk = platter.mount();
          TwoSlotFile file = open(disk)) {
        assertEquals(found, number(file), "seed " + seed);
        platter.faults().losePowerAt(2);
        assertThrows(PowerLoss.class, () -> file.write(value(2)));
      }
      platter.powerCut();
      try (Disk disk = platter.mount();
          TwoSlotFile file = open(disk)) {
        int now = number(file);
        assertTrue(now == found || now == 2, "seed " + seed + ": " + found + " then " + now);
      }
    }
  }

  @Test
  void refusesAValueThatDoesNotFitAndASecondWriteAtOnce() throws IOException {
    SimulatedPlatter platter = platter(5);
    create(platter);
    try (Disk disk = platter.mount();
        TwoSlotFile file = open(disk)) {
      ByteBuffer tooLong = ByteBuffer.allocate(FORMAT.valueBytesMax() + 1);
      assertThrows(IllegalArgumentException.class, () -> file.write(tooLong));
      file.write(ByteBuffer.allocate(FORMAT.valueBytesMax()));
      Completion ignored =
          new Completion() {
            @Override
            public void done() {}

            @Override
            public void failed(IOException cause) {
              throw new AssertionError(cause);
            }
          };
      file.write(value(1), ignored);
      assertTrue(file.writing());
      assertThrows(IllegalStateException.class, () -> file.write(value(2), ignored));
      while (file.writing()) {
        disk.await();
      }
      assertEquals(1, number(file));
    }
  }
}

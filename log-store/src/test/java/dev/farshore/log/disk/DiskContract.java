package dev.farshore.log.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every {@link Disk} does, power cuts and faults aside. */
abstract class DiskContract {

  /** A disk over the same files, each time it is asked; the one before was closed. */
  abstract Disk open() throws IOException;

  @ParameterizedTest
  @EnumSource(Disk.Access.class)
  void readsWhatWasWritten(Disk.Access access) throws IOException {
    try (Disk disk = open();
        DiskFile file = disk.create("a", access)) {
      byte[] bytes = random(10_000, 1);
      write(disk, file, 77, bytes);
      assertEquals(10_077, file.size());
      assertArrayEquals(bytes, read(disk, file, 77, 10_000));
      assertArrayEquals(new byte[77], read(disk, file, 0, 77), "a gap reads as zeros");
    }
  }

  @Test
  void keepsPositionAndLimitOfTheBuffers() throws IOException {
    try (Disk disk = open();
        DiskFile file = disk.create("a", Disk.Access.RANDOM)) {
      ByteBuffer source = ByteBuffer.wrap(random(100, 2)).position(10).limit(60);
      Outcome written = new Outcome();
      file.write(0, source, written);
      written.on(disk);
      assertEquals(10, source.position());
      assertEquals(60, source.limit());
      ByteBuffer target = ByteBuffer.allocate(100).position(20).limit(70);
      Outcome read = new Outcome();
      file.read(0, target, read);
      read.on(disk);
      assertEquals(20, target.position());
      assertEquals(70, target.limit());
      assertEquals(source, target);
    }
  }

  @Test
  void failsToReadPastTheEnd() throws IOException {
    try (Disk disk = open();
        DiskFile file = disk.create("a", Disk.Access.RANDOM)) {
      write(disk, file, 0, random(100, 3));
      Outcome outcome = new Outcome();
      file.read(50, ByteBuffer.allocate(51), outcome);
      assertInstanceOf(EOFException.class, outcome.failureOn(disk));
    }
  }

  @Test
  void growsWithZerosAndShrinksForGood() throws IOException {
    try (Disk disk = open();
        DiskFile file = disk.create("a", Disk.Access.RANDOM)) {
      write(disk, file, 0, random(5_000, 4));
      file.setSize(100);
      assertEquals(100, file.size());
      file.setSize(10_000);
      assertEquals(10_000, file.size());
      assertArrayEquals(new byte[9_900], read(disk, file, 100, 9_900));
      assertArrayEquals(Arrays.copyOf(random(5_000, 4), 100), read(disk, file, 0, 100));
    }
  }

  @ParameterizedTest
  @EnumSource(Room.class)
  void clearsWhatItIsToldToAndNothingBeside(Room room) throws IOException {
    byte[] expected = random(3_000_000, 5);
    try (Disk disk = open();
        DiskFile file = disk.create("a", Disk.Access.RANDOM)) {
      write(disk, file, 0, expected);
      int[][] ranges = {{0, 100}, {4000, 200}, {8192, 4096}, {20_000, 2_500_000}, {2_999_999, 1}};
      for (int[] range : ranges) {
        Outcome cleared = new Outcome();
        file.clear(range[0], range[1], room, cleared);
        cleared.on(disk);
        Arrays.fill(expected, range[0], range[0] + range[1], (byte) 0);
      }
      Outcome nothing = new Outcome();
      file.clear(3_000_000, 0, room, nothing);
      nothing.on(disk);
      assertEquals(3_000_000, file.size());
      assertArrayEquals(expected, read(disk, file, 0, expected.length));
      force(disk, file);
    }
    try (Disk disk = open();
        DiskFile file = disk.open("a", Disk.Access.RANDOM)) {
      assertArrayEquals(expected, read(disk, file, 0, expected.length));
    }
  }

  @Test
  void distrustingTheCacheLosesNothingThatTheDeviceTakes() throws IOException {
    byte[] bytes = random(100_000, 6);
    try (Disk disk = open();
        DiskFile file = disk.create("a", Disk.Access.RANDOM)) {
      write(disk, file, 0, bytes);
      file.distrustCache();
      assertEquals(100_000, file.size());
      assertArrayEquals(bytes, read(disk, file, 0, bytes.length));
    }
  }

  @Test
  void forcesWhileOtherOperationsAreUnderWay() throws IOException {
    try (Disk disk = open();
        DiskFile log = disk.create("log", Disk.Access.LOG);
        DiskFile image = disk.create("image", Disk.Access.RANDOM)) {
      List<Outcome> outcomes = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        Outcome outcome = new Outcome();
        outcomes.add(outcome);
        switch (i % 3) {
          case 0 -> log.write(i * 64L, ByteBuffer.wrap(random(64, i)), outcome);
          case 1 -> image.write(i * 64L, ByteBuffer.wrap(random(64, i)), outcome);
          default -> (i % 2 == 0 ? log : image).force(outcome);
        }
      }
      for (Outcome outcome : outcomes) {
        outcome.on(disk);
      }
      assertArrayEquals(random(64, 301), read(disk, image, 301 * 64, 64));
      assertArrayEquals(random(64, 300), read(disk, log, 300 * 64, 64));
      assertEquals(0, disk.await(), "nothing is left");
    }
  }

  @Test
  void completionsMaySubmitMore() throws IOException {
    try (Disk disk = open();
        DiskFile file = disk.create("a", Disk.Access.RANDOM)) {
      Outcome last = new Outcome();
      writeChain(file, 0, last);
      last.on(disk);
      assertEquals(100 * 8, file.size());
    }
  }

  private static void writeChain(DiskFile file, int at, Outcome last) {
    Completion next =
        at == 99
            ? last
            : new Completion() {
              @Override
              public void done() {
                writeChain(file, at + 1, last);
              }

              @Override
              public void failed(IOException cause) {
                last.failed(cause);
              }
            };
    file.write(at * 8L, ByteBuffer.allocate(8), next);
  }

  @Test
  void listsCreatesRenamesAndDeletes() throws IOException {
    try (Disk disk = open()) {
      disk.create("b", Disk.Access.LOG).close();
      disk.create("a", Disk.Access.LOG).close();
      disk.create("c", Disk.Access.LOG).close();
      assertEquals(List.of("a", "b", "c"), disk.list());
      assertThrows(
          FileAlreadyExistsException.class, () -> disk.create("a", Disk.Access.LOG).close());
      disk.rename("c", "a");
      assertEquals(List.of("a", "b"), disk.list());
      disk.delete("b");
      assertFalse(disk.exists("b"));
      assertTrue(disk.exists("a"));
      assertThrows(NoSuchFileException.class, () -> disk.open("b", Disk.Access.LOG).close());
      assertThrows(NoSuchFileException.class, () -> disk.delete("b"));
      assertThrows(NoSuchFileException.class, () -> disk.rename("b", "x"));
      disk.forceDirectory();
    }
  }

  @Test
  void aRenamedFileStaysOpen() throws IOException {
    try (Disk disk = open();
        DiskFile file = disk.create("before", Disk.Access.RANDOM)) {
      disk.rename("before", "after");
      write(disk, file, 0, random(10, 5));
      try (DiskFile again = disk.open("after", Disk.Access.RANDOM)) {
        assertArrayEquals(random(10, 5), read(disk, again, 0, 10));
      }
    }
  }

  @Test
  void refusesNamesThatLeaveTheDirectory() throws IOException {
    try (Disk disk = open()) {
      for (String name : List.of("../a", "a/b", "", ".", "..", ".hidden")) {
        assertThrows(
            IllegalArgumentException.class, () -> disk.create(name, Disk.Access.LOG).close(), name);
      }
    }
  }

  @Test
  void keepsFilesOverClosing() throws IOException {
    try (Disk disk = open();
        DiskFile file = disk.create("a", Disk.Access.LOG)) {
      write(disk, file, 0, random(3_000, 6));
    }
    try (Disk disk = open();
        DiskFile file = disk.open("a", Disk.Access.RANDOM)) {
      assertEquals(3_000, file.size());
      assertArrayEquals(random(3_000, 6), read(disk, file, 0, 3_000));
    }
  }

  @Test
  void tellsEveryOperationItsOutcomeWhenItIsClosed() throws IOException {
    List<Outcome> outcomes = new ArrayList<>();
    Disk disk = open();
    DiskFile file = disk.create("a", Disk.Access.RANDOM);
    for (int i = 0; i < 2_000; i++) {
      outcomes.add(new Outcome());
      file.write(i, ByteBuffer.allocate(1), outcomes.get(i));
    }
    disk.close();
    assertTrue(outcomes.stream().allMatch(Outcome::isTold));
  }

  static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  static void write(Disk disk, DiskFile file, long position, byte[] bytes) throws IOException {
    Outcome outcome = new Outcome();
    file.write(position, ByteBuffer.wrap(bytes), outcome);
    outcome.on(disk);
  }

  static void force(Disk disk, DiskFile file) throws IOException {
    Outcome outcome = new Outcome();
    file.force(outcome);
    outcome.on(disk);
  }

  static byte[] read(Disk disk, DiskFile file, long position, int length) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(length);
    Outcome outcome = new Outcome();
    file.read(position, target, outcome);
    outcome.on(disk);
    return target.array();
  }
}

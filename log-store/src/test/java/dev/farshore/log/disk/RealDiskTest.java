package dev.farshore.log.disk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealDiskTest extends DiskContract {

  @TempDir Path directory;

  @Override
  Disk open() throws IOException {
    return new RealDisk(directory, () -> {});
  }

  @Test
  void wakesItsOwnerWhenAnOutcomeIsQueued() throws IOException, InterruptedException {
    CountDownLatch woken = new CountDownLatch(1);
    try (Disk disk = new RealDisk(directory, woken::countDown);
        DiskFile file = disk.create("a", Disk.Access.LOG)) {
      Outcome forced = new Outcome();
      file.force(forced);
      assertTrue(woken.await(30, TimeUnit.SECONDS));
      assertTrue(disk.poll(0) == 1 && forced.isTold());
    }
  }

  @Test
  void aReadOfWhatIsInMemoryCompletesInTheNextPoll() throws IOException {
    AtomicInteger woken = new AtomicInteger();
    try (Disk disk = new RealDisk(directory, woken::incrementAndGet);
        DiskFile file = disk.create("a", Disk.Access.RANDOM)) {
      byte[] content = content(20_000);
      write(disk, file, content);
      woken.set(0);
      ByteBuffer target = ByteBuffer.allocateDirect(8192).position(100).limit(5100);
      Outcome read = new Outcome();
      file.read(3000, target, read);
      assertFalse(read.isTold(), "a completion within the call would surprise its caller");
      assertEquals(100, target.position());
      assertEquals(5100, target.limit());
      read.on(disk);
      assertTrue(woken.get() > 0);
      byte[] found = new byte[5000];
      target.get(found);
      assertArrayEquals(Arrays.copyOfRange(content, 3000, 8000), found);
    }
  }

  @Test
  void aReadThatIsOnlyPartlyInTheFileFails() throws IOException {
    try (Disk disk = new RealDisk(directory, () -> {});
        DiskFile file = disk.create("a", Disk.Access.RANDOM)) {
      write(disk, file, content(5000));
      Outcome read = new Outcome();
      file.read(4000, ByteBuffer.allocateDirect(4096), read);
      assertInstanceOf(EOFException.class, read.failureOn(disk));
    }
  }

  @Test
  void readsFromMemoryOnlyWholeAndOutsideTheHeap() throws IOException {
    Path file = directory.resolve("b");
    Files.write(file, content(5000));
    Optional<NativeFile> found = NativeFile.of(file);
    Assumptions.assumeTrue(found.isPresent(), "this system does not offer it");
    NativeFile pages = found.get();
    ByteBuffer target = ByteBuffer.allocateDirect(5000);
    Assumptions.assumeTrue(pages.readFromMemory(0, target), "this file system does not offer it");
    assertEquals(ByteBuffer.wrap(content(5000)), target);
    assertFalse(pages.readFromMemory(1, target), "the last byte is behind the end");
    assertFalse(pages.readFromMemory(0, ByteBuffer.allocate(10)));
    pages.close();
    assertFalse(pages.readFromMemory(0, target));
  }

  @Test
  void aFileThatIsNotThereHasNoPages() {
    assertTrue(NativeFile.of(directory.resolve("nothing")).isEmpty());
  }

  @Test
  void whatIsClearedGivesUpItsRoomOrKeepsIt() throws Exception {
    try (Disk disk = open();
        DiskFile file = disk.create("a", Disk.Access.RANDOM)) {
      write(disk, file, content(1 << 20));
      long before = storedBlocks("a");
      Outcome zeroed = new Outcome();
      file.clear(0, 1 << 19, Room.KEEP, zeroed);
      zeroed.on(disk);
      assertEquals(before, storedBlocks("a"));
      Outcome trimmed = new Outcome();
      file.clear(0, 1 << 19, Room.GIVE_UP, trimmed);
      trimmed.on(disk);
      Assumptions.assumeTrue(storedBlocks("a") != before, "this file system punches no holes");
      assertEquals(before / 2, storedBlocks("a"));
    }
  }

  /** As stat(1) counts them, for the JDK does not tell. */
  private long storedBlocks(String name) throws IOException, InterruptedException {
    Process stat =
        new ProcessBuilder("stat", "-c", "%b", directory.resolve(name).toString()).start();
    String said = new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    assertEquals(0, stat.waitFor());
    return Long.parseLong(said.strip());
  }

  private static byte[] content(int bytes) {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return content;
  }

  private static void write(Disk disk, DiskFile file, byte[] content) throws IOException {
    Outcome written = new Outcome();
    file.write(0, ByteBuffer.wrap(content), written);
    written.on(disk);
  }
}

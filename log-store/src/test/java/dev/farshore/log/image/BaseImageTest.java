package dev.farshore.log.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.disk.Awaited;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskFaults.Call;
import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.disk.Room;
import dev.farshore.log.disk.SimulatedPlatter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BaseImageTest {
  private static final ImageName NAME = new ImageName(3, 1);
  private static final int BLOCK = 4096;

  private final SimulatedPlatter platter =
      new SimulatedPlatter(new Random(11), DiskTiming.SHUFFLED);

  private static void run(Disk disk, Consumer<Completion> operation) throws IOException {
    Awaited done = new Awaited();
    operation.accept(done);
    done.join(disk);
  }

  private static byte[] read(Disk disk, BaseImage image, long offset, int length)
      throws IOException {
    byte[] bytes = new byte[length + 2];
    run(disk, done -> image.read(offset, ByteBuffer.wrap(bytes, 1, length), done));
    assertEquals(0, bytes[0] | bytes[length + 1], "wrote outside the target");
    return Arrays.copyOfRange(bytes, 1, length + 1);
  }

  private static void write(Disk disk, BaseImage image, long firstBlock, byte[] bytes)
      throws IOException {
    long end = firstBlock + bytes.length / BLOCK;
    run(disk, done -> image.writeBlocks(firstBlock, ByteBuffer.wrap(bytes), done));
    run(disk, done -> image.sums().hold(firstBlock, end, done));
    for (long block = firstBlock; block < end; block++) {
      int at = (int) (block - firstBlock) * BLOCK;
      image.sums().set(block, BlockSum.ofData(ByteBuffer.wrap(bytes, at, BLOCK)));
    }
    image.sums().release(firstBlock, end);
  }

  private static void persist(Disk disk, BaseImage image) throws IOException {
    run(disk, image.sums()::flush);
    run(disk, image::forceBlocks);
    run(disk, image.sums()::force);
  }

  private static byte[] random(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4})
  void readsAnyRangeAsAByteArrayDoes(long seed) throws IOException {
    Random random = new Random(seed);
    int size = 9 * 1024 * BLOCK + 1234;
    byte[] model = new byte[size];
    SumsCache cache = new SumsCache(seed % 2 == 0 ? 1 : 1 << 20);
    Disk disk = platter.mount();
    BaseImage image = BaseImage.create(disk, NAME, size, cache);
    for (int i = 0; i < 300; i++) {
      int first = random.nextInt(size / BLOCK);
      int count = 1 + random.nextInt(Math.min(40, size / BLOCK - first));
      if (random.nextInt(4) == 0) {
        long end = first + count;
        run(disk, done -> image.clearBlocks(first, end, Room.GIVE_UP, done));
        run(disk, done -> image.sums().hold(first, end, done));
        for (long block = first; block < end; block++) {
          image.sums().set(block, BlockSum.HOLE);
        }
        image.sums().release(first, end);
        Arrays.fill(model, first * BLOCK, (first + count) * BLOCK, (byte) 0);
      } else {
        byte[] bytes = random(random, count * BLOCK);
        write(disk, image, first, bytes);
        System.arraycopy(bytes, 0, model, first * BLOCK, bytes.length);
      }
      int from = random.nextInt(size);
      int length = 1 + random.nextInt(Math.min(100_000, size - from));
      assertArrayEquals(
          Arrays.copyOfRange(model, from, from + length), read(disk, image, from, length));
      if (i % 50 == 49) {
        persist(disk, image);
      }
    }
    disk.forceDirectory();
    disk.close();
    platter.powerCut();
    try (Disk again = platter.mount()) {
      BaseImage reopened = BaseImage.open(again, NAME, size, cache);
      assertArrayEquals(model, read(again, reopened, 0, size));
      for (long block = 0; block < BaseImage.blocks(size); block++) {
        assertEquals(image.isData(block), reopened.isData(block), "block " + block);
      }
    }
  }

  @Test
  void detectsEveryFlippedBitOfABlockAndOfItsSum() throws IOException {
    byte[] bytes = random(new Random(1), 2 * BLOCK);
    try (Disk disk = platter.mount()) {
      BaseImage image = BaseImage.create(disk, NAME, 2 * BLOCK, new SumsCache(4096));
      write(disk, image, 0, bytes);
      persist(disk, image);
      image.close();
      Random random = new Random(2);
      for (int i = 0; i < 500; i++) {
        long bit = i < 64 ? i % 64 : random.nextInt(2 * BLOCK * 8);
        String file = i < 64 ? NAME.sums() : NAME.image();
        platter.flipBit(file, bit);
        long block = bit / (i < 64 ? 32 : BLOCK * 8);
        BaseImage rotten = BaseImage.open(disk, NAME, 2 * BLOCK, new SumsCache(4096));
        assertThrows(
            ImageDamagedException.class,
            () -> read(disk, rotten, block * BLOCK + 17, 1),
            file + " bit " + bit);
        assertEquals(
            bytes[BLOCK * (int) (1 - block)], read(disk, rotten, (1 - block) * BLOCK, 1)[0]);
        rotten.close();
        platter.flipBit(file, bit);
      }
    }
  }

  @Test
  void doesNotTakeALostPartOfTheSumsForHoles() throws IOException {
    try (Disk disk = platter.mount()) {
      BaseImage image = BaseImage.create(disk, NAME, 64 * BLOCK, new SumsCache(4096));
      write(disk, image, 0, random(new Random(1), 64 * BLOCK));
      persist(disk, image);
      image.close();
      platter.overwrite(NAME.sums(), 0, new byte[512]);
      BaseImage rotten = BaseImage.open(disk, NAME, 64 * BLOCK, new SumsCache(4096));
      assertFalse(rotten.isData(0));
      assertThrows(ImageDamagedException.class, () -> read(disk, rotten, 0, 512));
    }
  }

  @Test
  void detectsAMisdirectedBlock() throws IOException {
    try (Disk disk = platter.mount()) {
      byte[] bytes = random(new Random(1), 2 * BLOCK);
      BaseImage image = BaseImage.create(disk, NAME, 2 * BLOCK, new SumsCache(4096));
      write(disk, image, 0, bytes);
      persist(disk, image);
      platter.overwrite(NAME.image(), 0, Arrays.copyOfRange(bytes, BLOCK, 2 * BLOCK));
      assertThrows(ImageDamagedException.class, () -> read(disk, image, 0, BLOCK));
    }
  }

  @Test
  void tellsDataOfZerosFromAHole() throws IOException {
    try (Disk disk = platter.mount()) {
      BaseImage image = BaseImage.create(disk, NAME, 3 * BLOCK, new SumsCache(4096));
      write(disk, image, 1, new byte[BLOCK]);
      persist(disk, image);
      assertArrayEquals(new byte[3 * BLOCK], read(disk, image, 0, 3 * BLOCK));
      image.close();
      BaseImage again = BaseImage.open(disk, NAME, 3 * BLOCK, new SumsCache(4096));
      assertFalse(again.isData(0));
      assertTrue(again.isData(1));
      assertFalse(again.isData(2));
    }
  }

  @Test
  void failsTheReadWhoseSumsCannotBeReadAndNoOther() throws IOException {
    try (Disk disk = platter.mount()) {
      BaseImage image = BaseImage.create(disk, NAME, 2048 * BLOCK, new SumsCache(4096));
      byte[] bytes = random(new Random(1), BLOCK);
      write(disk, image, 5, bytes);
      persist(disk, image);
      image.close();
      BaseImage again = BaseImage.open(disk, NAME, 2048 * BLOCK, new SumsCache(4096));
      platter.faults().failOnce(EnumSet.of(Call.READ), 1);
      assertThrows(IOException.class, () -> read(disk, again, 5 * BLOCK, BLOCK));
      assertArrayEquals(bytes, read(disk, again, 5 * BLOCK, BLOCK));
    }
  }

  @Test
  void reportsFilesThatEndTooEarly() throws IOException {
    try (Disk disk = platter.mount()) {
      BaseImage.create(disk, NAME, 100, new SumsCache(4096)).close();
      assertThrows(
          ImageDamagedException.class,
          () -> BaseImage.open(disk, NAME, BLOCK + 1, new SumsCache(4096)));
    }
  }

  @Test
  void shrinksAndGrowsWithoutBringingBytesBack() throws IOException {
    try (Disk disk = platter.mount()) {
      BaseImage image = BaseImage.create(disk, NAME, 3000L * BLOCK, new SumsCache(1 << 20));
      write(disk, image, 0, random(new Random(1), BLOCK));
      image.resize(BLOCK);
      image.resize(3000L * BLOCK);
      assertArrayEquals(new byte[BLOCK], read(disk, image, 2999L * BLOCK, BLOCK));
      assertEquals(3000, image.runEnd(1, 3000));
    }
  }
}

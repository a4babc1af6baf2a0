package dev.farshore.log.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.disk.Awaited;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.disk.SimulatedPlatter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The bytes of a sums file, against the table of the package's description. */
class SumsFormatTest {
  private static final int BLOCK = 4096;
  private static final int BLOCKS = 6;
  private static final ImageName NAME = new ImageName(3, 1);

  private final SimulatedPlatter platter = new SimulatedPlatter(new Random(1), DiskTiming.SHUFFLED);

  private static BaseImage open(Disk disk) throws IOException {
    return BaseImage.open(disk, NAME, BLOCKS * BLOCK, new SumsCache(1 << 20));
  }

  private static ByteBuffer block(int value) {
    ByteBuffer block = ByteBuffer.allocate(BLOCK);
    while (block.hasRemaining()) {
      block.put((byte) value);
    }
    return block.flip();
  }

  /** Blocks: a hole, ones, zeros that are data, two holes, other data. */
  private void written() throws IOException {
    Disk disk = platter.mount();
    BaseImage image = BaseImage.create(disk, NAME, BLOCKS * BLOCK, new SumsCache(1 << 20));
    put(disk, image, 1, block(0xff));
    put(disk, image, 2, block(0));
    put(disk, image, 5, block(0x5a));
    Awaited blocks = new Awaited();
    image.forceBlocks(blocks);
    blocks.join(disk);
    Awaited flushed = new Awaited();
    image.sums().flush(flushed);
    flushed.join(disk);
    Awaited sums = new Awaited();
    image.sums().force(sums);
    sums.join(disk);
    disk.forceDirectory();
    image.close();
    disk.close();
  }

  private static void put(Disk disk, BaseImage image, long number, ByteBuffer block)
      throws IOException {
    Awaited written = new Awaited();
    image.writeBlocks(number, block, written);
    written.join(disk);
    Awaited held = new Awaited();
    image.sums().hold(number, number + 1, held);
    held.join(disk);
    image.sums().set(number, BlockSum.ofData(block));
    image.sums().release(number, number + 1);
  }

  @Test
  void theSumsOfTheBlocksAreInTheirPlaces() throws IOException {
    written();
    byte[] sums = platter.durableBytes(NAME.sums());
    assertEquals(4096, sums.length);
    assertEquals(
        "00000000" // a hole
            + "9abf38bd"
            + "01000000" // zeros that are data
            + "00000000"
            + "00000000"
            + "c0cd08af",
        HexFormat.of().formatHex(sums, 0, 4 * BLOCKS));
    for (int i = 4 * BLOCKS; i < sums.length; i++) {
      assertEquals(0, sums[i], "byte " + i);
    }
  }

  /** A sum that says less or more than is there is found by whoever reads that block. */
  @Test
  void everyFlippedBitOfASumIsFoundByTheReaderOfItsBlock() throws IOException {
    for (int bit = 0; bit < 4 * BLOCKS * 8; bit++) {
      for (String name : platter.names()) {
        platter.mount().delete(name);
        platter.processDeath();
      }
      written();
      platter.flipBit(NAME.sums(), bit);
      Disk disk = platter.mount();
      try (BaseImage image = open(disk)) {
        for (int block = 0; block < BLOCKS; block++) {
          Awaited read = new Awaited();
          image.read((long) block * BLOCK, ByteBuffer.allocate(BLOCK), read);
          boolean sumsUp = block != bit / 32 || toZeros(block, bit % 32);
          if (sumsUp) {
            read.join(disk);
          } else {
            assertThrows(ImageDamagedException.class, () -> read.join(disk), "bit " + bit);
          }
        }
      }
      platter.processDeath();
    }
  }

  /** Zeros that are data and a hole differ in one bit, and read the same. */
  private static boolean toZeros(int block, int bit) {
    return bit == 0 && block != 1 && block != 5;
  }

  @Test
  void everyTruncationIsRefusedOrFoundByAReader() throws IOException {
    written();
    for (String name : new String[] {NAME.sums(), NAME.image()}) {
      int length = platter.durableBytes(name).length;
      for (int end = 0; end < length; end += 512) {
        SimulatedPlatter copy = platter.durableCopy(new Random(2));
        Disk disk = copy.mount();
        try (var file = disk.open(name, Disk.Access.RANDOM)) {
          file.setSize(end);
        }
        assertThrows(ImageDamagedException.class, () -> open(disk), name + " ends at " + end);
      }
    }
    Disk disk = platter.mount();
    try (BaseImage image = open(disk)) {
      assertTrue(image.isData(1) && image.isData(2) && image.isData(5));
      assertFalse(image.isData(0) || image.isData(3) || image.isData(4));
    }
  }
}

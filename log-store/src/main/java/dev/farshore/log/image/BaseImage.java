package dev.farshore.log.image;

import dev.farshore.log.disk.AllOf;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskFile;
import dev.farshore.log.disk.Room;
import dev.farshore.log.record.RecordFormat;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * The base image of one volume: its bytes and the sums of its blocks. Owned by the group's thread.
 *
 * <p>Whoever changes a block keeps readers away from it meanwhile, and makes bytes and sums agree
 * again before it lets them in; a crash in between is theirs to repair too.
 */
public final class BaseImage implements AutoCloseable {
  private static final int BLOCK = RecordFormat.BLOCK_BYTES;

  private final ImageName name;
  private final DiskFile image;
  private final SumsFile sums;
  private long sizeBytes;

  private BaseImage(ImageName name, DiskFile image, SumsFile sums) {
    this.name = name;
    this.image = image;
    this.sums = sums;
  }

  /** Creates an image that is one hole, replacing files of that name. Not durable yet. */
  public static BaseImage create(Disk disk, ImageName name, long sizeBytes, SumsCache cache)
      throws IOException {
    delete(disk, name);
    DiskFile image = disk.create(name.image(), Disk.Access.RANDOM);
    DiskFile sums = disk.create(name.sums(), Disk.Access.RANDOM);
    BaseImage created = new BaseImage(name, image, new SumsFile(sums, cache));
    try {
      created.resize(sizeBytes);
    } catch (IOException e) {
      created.close();
      throw e;
    }
    return created;
  }

  /**
   * Opens an image and learns where it holds data. Blocks: 1 GiB of sums is read per TiB of image.
   *
   * @throws ImageDamagedException if the files are shorter than the volume
   */
  public static BaseImage open(Disk disk, ImageName name, long sizeBytes, SumsCache cache)
      throws IOException {
    return open(disk, name, sizeBytes, sizeBytes, cache);
  }

  /**
   * Opens an image whose bytes from an offset on, and their sums, are of no use: they are holes
   * from now on, durably with the next force.
   *
   * @param goodBytes a multiple of the block size, or the size
   */
  public static BaseImage openUpTo(
      Disk disk, ImageName name, long sizeBytes, long goodBytes, SumsCache cache)
      throws IOException {
    return open(disk, name, sizeBytes, goodBytes, cache);
  }

  private static BaseImage open(
      Disk disk, ImageName name, long sizeBytes, long goodBytes, SumsCache cache)
      throws IOException {
    DiskFile image = disk.open(name.image(), Disk.Access.RANDOM);
    DiskFile sums = disk.open(name.sums(), Disk.Access.RANDOM);
    BaseImage opened = new BaseImage(name, image, new SumsFile(sums, cache));
    try {
      if (goodBytes < sizeBytes) {
        image.setSize(goodBytes);
        image.setSize(blocks(sizeBytes) * BLOCK);
        opened.sums.discardFrom(blocks(goodBytes), blocks(sizeBytes));
      }
      opened.load(disk, sizeBytes);
    } catch (IOException e) {
      opened.close();
      throw e;
    }
    return opened;
  }

  private void load(Disk disk, long bytes) throws IOException {
    long blocks = blocks(bytes);
    if (image.size() < blocks * BLOCK || !sums.covers(blocks)) {
      throw new ImageDamagedException(
          name.volume(), Math.min(image.size(), bytes), "a file of the image ends too early");
    }
    sums.scan(disk, blocks);
    sizeBytes = bytes;
  }

  /**
   * Before an image is opened whose fold was interrupted, maybe by a force that failed: makes sure
   * that it is read, and written again, as it is on the device. Blocks.
   *
   * @see DiskFile#distrustCache
   */
  public static void distrustCache(Disk disk, ImageName name) throws IOException {
    for (String file : new String[] {name.image(), name.sums()}) {
      try (DiskFile opened = disk.open(file, Disk.Access.RANDOM)) {
        opened.distrustCache();
      }
    }
  }

  /** Deletes the files of an image, if they exist. */
  public static void delete(Disk disk, ImageName name) throws IOException {
    for (String file : new String[] {name.image(), name.sums()}) {
      if (disk.exists(file)) {
        disk.delete(file);
      }
    }
  }

  /** How many blocks so many bytes touch. */
  public static long blocks(long bytes) {
    return (bytes + BLOCK - 1) / BLOCK;
  }

  public ImageName name() {
    return name;
  }

  public long sizeBytes() {
    return sizeBytes;
  }

  /**
   * Sets the size, of both files. What is added is a hole; what is cut off must have been cleared.
   */
  public void resize(long newSizeBytes) throws IOException {
    image.setSize(blocks(newSizeBytes) * BLOCK);
    sums.resize(blocks(newSizeBytes));
    sizeBytes = newSizeBytes;
  }

  /**
   * Sets a smaller size for all who ask for it; the files keep theirs until {@link #resize}. So
   * reads that began before may still end.
   */
  public void narrow(long newSizeBytes) {
    if (newSizeBytes > sizeBytes) {
      throw new IllegalArgumentException(newSizeBytes + " is more than " + sizeBytes);
    }
    sizeBytes = newSizeBytes;
  }

  /** Whether a block holds data; otherwise it is a hole. */
  public boolean isData(long block) {
    return sums.isData(block);
  }

  /** End of the run of data or of holes that begins at {@code block}, at most {@code endBlock}. */
  public long runEnd(long block, long endBlock) {
    return sums.runEnd(block, endBlock);
  }

  /**
   * Reads bytes and checks every block that holds one of them. Fails with {@link
   * ImageDamagedException} for the first block that is not what was written.
   *
   * @param offset with the length of the target, inside the image
   * @param target at least one byte, filled from its position to its limit
   */
  public void read(long offset, ByteBuffer target, Completion completion) {
    new VerifiedRead(name.volume(), image, sums, offset, target, completion).submit();
  }

  /** Reads a block without a check, for one that knows better what it ought to be. */
  public void readUnverified(long block, ByteBuffer target, Completion completion) {
    image.read(block * BLOCK, target, completion);
  }

  /**
   * Writes whole blocks, without their sums.
   *
   * @param blocks from position to limit
   */
  public void writeBlocks(long firstBlock, ByteBuffer blocks, Completion completion) {
    image.write(firstBlock * BLOCK, blocks, completion);
  }

  /** Makes blocks read as zeros, without their sums. Holes among them are not touched. */
  public void clearBlocks(long firstBlock, long endBlock, Room room, Completion completion) {
    AllOf all = new AllOf(completion);
    for (long block = firstBlock; block < endBlock; ) {
      long runEnd = runEnd(block, endBlock);
      if (isData(block)) {
        image.clear(block * BLOCK, (runEnd - block) * BLOCK, room, all.one());
      }
      block = runEnd;
    }
    all.submitted();
  }

  /** Where its sums are changed. */
  public SumsFile sums() {
    return sums;
  }

  /** Makes blocks that were written or cleared durable, not their sums. */
  public void forceBlocks(Completion completion) {
    image.force(completion);
  }

  @Override
  public void close() throws IOException {
    image.close();
    sums.close();
  }
}

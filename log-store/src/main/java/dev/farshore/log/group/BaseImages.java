package dev.farshore.log.group;

import dev.farshore.log.disk.AllOf;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.image.BaseImage;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The base images of a group, at one position of its log, as readers see them: also while a fold
 * makes them into those of a later position. Owned by the group's thread.
 *
 * <p>A reader asks here only for bytes that are in no record after that position. Of the blocks
 * that a fold changes, these are in the mixed ones only, which are read from memory meanwhile.
 */
final class BaseImages {
  private static final int BLOCK = RecordFormat.BLOCK_BYTES;

  private final TreeMap<Integer, BaseImage> images = new TreeMap<>();
  private LogPosition position;
  private Map<Integer, TreeMap<Long, MixedBlock>> mixed = Map.of();

  BaseImages(LogPosition position) {
    this.position = position;
  }

  LogPosition position() {
    return position;
  }

  void put(BaseImage image) {
    images.put(image.name().volume(), image);
  }

  Optional<BaseImage> find(int volume) {
    return Optional.ofNullable(images.get(volume));
  }

  /** From now on, what these blocks hold is read from memory. */
  void announce(Map<Integer, TreeMap<Long, MixedBlock>> blocks) {
    mixed = blocks;
  }

  /** The images are whole again, and hold everything up to {@code to}. */
  void settled(LogPosition to) {
    mixed = Map.of();
    position = to;
  }

  /** Takes an image out, for the volume is gone. */
  Optional<BaseImage> remove(int volume) {
    return Optional.ofNullable(images.remove(volume));
  }

  void close() throws IOException {
    for (BaseImage image : images.values()) {
      image.close();
    }
    images.clear();
  }

  /**
   * Reads bytes of a volume; what the image does not reach to is zeros.
   *
   * @param bornLsn the record that created the volume
   */
  void read(int volume, long bornLsn, long offset, ByteBuffer target, AllOf all) {
    BaseImage image = images.get(volume);
    long end = offset + target.remaining();
    long imageEnd =
        image == null || bornLsn > position.lsn() ? 0 : BaseImage.blocks(image.sizeBytes()) * BLOCK;
    long at = offset;
    NavigableMap<Long, MixedBlock> inMemory =
        mixed.getOrDefault(volume, new TreeMap<>()).subMap(offset / BLOCK, true, end / BLOCK, true);
    for (MixedBlock block : inMemory.values()) {
      long from = Math.max(offset, block.firstBlock() * BLOCK);
      long to = Math.min(end, block.endBlock() * BLOCK);
      if (from < to) {
        readImage(image, imageEnd, at, slice(target, offset, at, from), all);
        readMixed(block, from, slice(target, offset, from, to), all);
        at = to;
      }
    }
    readImage(image, imageEnd, at, slice(target, offset, at, end), all);
  }

  private static ByteBuffer slice(ByteBuffer target, long offset, long from, long to) {
    int start = target.position() + (int) (from - offset);
    return target.slice(start, (int) (to - from));
  }

  private static void readMixed(MixedBlock block, long from, ByteBuffer target, AllOf all) {
    Completion completion = all.one();
    if (block.damage().isPresent()) {
      completion.failed(block.damage().get());
      return;
    }
    target.put(block.content().slice((int) (from % BLOCK), target.remaining()));
    completion.done();
  }

  private static void readImage(
      BaseImage image, long imageEnd, long offset, ByteBuffer target, AllOf all) {
    int inImage = (int) Math.max(0, Math.min(target.remaining(), imageEnd - offset));
    if (inImage > 0) {
      image.read(offset, target.slice(0, inImage), all.one());
    }
    Zeros.fill(target, inImage, target.remaining());
  }

  /** Tells what lies in a range of a volume. */
  boolean extents(int volume, long bornLsn, long start, long end, ExtentList into) {
    BaseImage image = images.get(volume);
    long imageEnd =
        image == null || bornLsn > position.lsn() ? 0 : BaseImage.blocks(image.sizeBytes()) * BLOCK;
    long at = start;
    while (at < Math.min(end, imageEnd)) {
      long block = at / BLOCK;
      long runEnd = image.runEnd(block, Math.min(imageEnd / BLOCK, (end + BLOCK - 1) / BLOCK));
      long to = Math.min(end, runEnd * BLOCK);
      Extent.Kind kind = image.isData(block) ? Extent.Kind.DATA : Extent.Kind.HOLE;
      if (!into.add(to - at, kind)) {
        return false;
      }
      at = to;
    }
    return at >= end || into.add(end - at, Extent.Kind.HOLE);
  }
}

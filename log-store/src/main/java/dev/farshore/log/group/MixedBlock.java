package dev.farshore.log.group;

import dev.farshore.log.image.BlockSum;
import dev.farshore.log.record.RecordFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * A block whose bytes come from several records, or from records and the image as it was. It is
 * made in memory, and readers have it from there until the fold is complete.
 */
final class MixedBlock implements BlockItem {
  static final int BYTES = RecordFormat.BLOCK_BYTES;

  private final long block;
  private final ByteBuffer content = ByteBuffer.allocate(BYTES);

  /** Ends of the ranges that records fill, in order: start, end, start, end, … */
  private int[] filled = new int[4];

  private int filledCount;
  private boolean onlyHoles = true;
  private IOException damage;

  MixedBlock(long block) {
    this.block = block;
  }

  @Override
  public long firstBlock() {
    return block;
  }

  @Override
  public long endBlock() {
    return block + 1;
  }

  /**
   * Takes bytes of a record.
   *
   * @param start where they begin in the block, not before the end of those taken before
   */
  void fill(int start, ByteBuffer bytes) {
    fillRange(start, start + bytes.remaining());
    content.put(start, bytes, bytes.position(), bytes.remaining());
    onlyHoles = false;
  }

  /** Takes zeros. */
  void clear(int start, int end, boolean hole) {
    fillRange(start, end);
    onlyHoles &= hole;
  }

  private void fillRange(int start, int end) {
    if (filledCount > 0 && filled[filledCount - 1] == start) {
      filled[filledCount - 1] = end;
      return;
    }
    if (filledCount == filled.length) {
      filled = Arrays.copyOf(filled, filledCount * 2);
    }
    filled[filledCount++] = start;
    filled[filledCount++] = end;
  }

  /** Whether records fill only a part of it. */
  boolean needsImage() {
    return !(filledCount == 2 && filled[0] == 0 && filled[1] == BYTES);
  }

  /**
   * Puts what the image holds where no record fills.
   *
   * @param image the whole block as it is in the image
   */
  void underlay(ByteBuffer image) {
    int from = 0;
    for (int i = 0; i < filledCount; i += 2) {
      content.put(from, image, from, filled[i] - from);
      from = filled[i + 1];
    }
    content.put(from, image, from, BYTES - from);
  }

  /** The block, from position 0 to its limit. */
  ByteBuffer content() {
    return content.duplicate();
  }

  int sum() {
    return onlyHoles && content.mismatch(ByteBuffer.allocate(BYTES)) < 0
        ? BlockSum.HOLE
        : BlockSum.ofData(content);
  }

  /** The bytes that no record fills are lost. */
  void damaged(IOException reason) {
    damage = reason;
  }

  Optional<IOException> damage() {
    return Optional.ofNullable(damage);
  }
}

package dev.farshore.log.image;

import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.DiskFile;
import dev.farshore.log.record.RecordFormat;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One read of an image: first the sums, then the blocks, then the check of one against the other.
 */
final class VerifiedRead implements Completion {
  private static final int BLOCK = RecordFormat.BLOCK_BYTES;

  private final int volume;
  private final DiskFile image;
  private final SumsFile sums;
  private final long firstBlock;
  private final long endBlock;
  private final ByteBuffer target;
  private final int skip;

  /** The whole blocks: the target itself if it is nothing else. */
  private final ByteBuffer blocks;

  private final boolean aside;
  private final Completion completion;
  private boolean sumsHeld;

  VerifiedRead(
      int volume,
      DiskFile image,
      SumsFile sums,
      long offset,
      ByteBuffer target,
      Completion completion) {
    this.volume = volume;
    this.image = image;
    this.sums = sums;
    this.firstBlock = offset / BLOCK;
    this.endBlock = BaseImage.blocks(offset + target.remaining());
    this.target = target;
    this.skip = (int) (offset % BLOCK);
    int wholeBytes = Math.toIntExact((endBlock - firstBlock) * BLOCK);
    this.aside = wholeBytes != target.remaining();
    this.blocks = aside ? ByteBuffer.allocate(wholeBytes) : target.slice();
    this.completion = completion;
  }

  void submit() {
    sums.hold(firstBlock, endBlock, this);
  }

  @Override
  public void done() {
    if (!sumsHeld) {
      sumsHeld = true;
      image.read(firstBlock * BLOCK, blocks.duplicate(), this);
      return;
    }
    long bad = firstMismatch();
    sums.release(firstBlock, endBlock);
    if (bad >= 0) {
      completion.failed(
          new ImageDamagedException(volume, bad * BLOCK, "the bytes do not match their sum"));
      return;
    }
    if (aside) {
      target.put(target.position(), blocks, skip, target.remaining());
    }
    completion.done();
  }

  @Override
  public void failed(IOException cause) {
    if (sumsHeld) {
      sums.release(firstBlock, endBlock);
    }
    completion.failed(cause);
  }

  private long firstMismatch() {
    for (long block = firstBlock; block < endBlock; block++) {
      int at = (int) (block - firstBlock) * BLOCK;
      if (!BlockSum.matches(sums.sum(block), blocks.slice(at, BLOCK))) {
        return block;
      }
    }
    return -1;
  }
}

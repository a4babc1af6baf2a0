package dev.farshore.log.group;

import dev.farshore.log.disk.Completion;
import dev.farshore.log.image.BaseImage;
import dev.farshore.log.image.ImageDamagedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * Completes the mixed blocks of a volume's plan from its image, as it was before the fold.
 *
 * <p>In a fold that is done again after a crash the block may be torn; then its sum says nothing,
 * and the intent tells what the finished block must be.
 */
final class MixedReader implements Pump.Source {
  private static final int IN_FLIGHT = 32;

  private final BaseImage image;
  private final Iterator<MixedBlock> blocks;
  private final Map<Long, Integer> expectedSums;
  private final boolean again;

  private MixedReader(
      BaseImage image, VolumePlan plan, boolean again, Map<Long, Integer> expectedSums) {
    this.image = image;
    this.blocks = plan.mixed().values().stream().filter(plan::keepsOldBytes).iterator();
    this.again = again;
    this.expectedSums = expectedSums;
  }

  /** Completes the blocks from the image, whose sums are good. */
  static void read(BaseImage image, VolumePlan plan, Completion completion) {
    Pump.run(new MixedReader(image, plan, false, Map.of()), IN_FLIGHT, completion);
  }

  /** Completes the blocks from the image, which an interrupted fold may have torn. */
  static void readAgain(
      BaseImage image, VolumePlan plan, FoldIntent intent, Completion completion) {
    Map<Long, Integer> expected = new HashMap<>();
    for (FoldIntent.Block block : intent.mixed()) {
      if (block.volume() == image.name().volume()) {
        expected.put(block.block(), block.sum());
      }
    }
    Pump.run(new MixedReader(image, plan, true, expected), IN_FLIGHT, completion);
  }

  @Override
  public boolean submitNext(Completion completion) {
    if (!blocks.hasNext()) {
      return false;
    }
    MixedBlock block = blocks.next();
    ByteBuffer before = ByteBuffer.allocate(MixedBlock.BYTES);
    if (again) {
      image.readUnverified(block.firstBlock(), before, checking(block, before, completion));
    } else {
      long offset = block.firstBlock() * MixedBlock.BYTES;
      image.read(offset, before, new After(() -> block.underlay(before), completion));
    }
    return true;
  }

  private Completion checking(MixedBlock block, ByteBuffer before, Completion completion) {
    return new Completion() {
      @Override
      public void done() {
        block.underlay(before);
        Integer expected = expectedSums.get(block.firstBlock());
        if (expected == null || expected != block.sum()) {
          damaged("an interrupted fold cannot be completed: bytes that it keeps have changed");
        }
        completion.done();
      }

      @Override
      public void failed(IOException cause) {
        damaged("an interrupted fold cannot be completed: " + cause.getMessage());
        completion.done();
      }

      private void damaged(String reason) {
        block.damaged(
            new ImageDamagedException(
                image.name().volume(), block.firstBlock() * MixedBlock.BYTES, reason));
      }
    };
  }
}

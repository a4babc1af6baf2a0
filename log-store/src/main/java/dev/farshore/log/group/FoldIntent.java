package dev.farshore.log.group;

import java.util.List;

/**
 * What a fold is about to do to the images: from here until it is complete, blocks that the records
 * up to {@code toLsn} touch may be torn, and are made again from the log. All others must be whole.
 *
 * @param toLsn last record of the fold
 * @param mixed the blocks that take some of their bytes from the image as it was: those bytes are
 *     the same before and after, and the sum proves that they still are
 */
record FoldIntent(long toLsn, List<Block> mixed) {

  /**
   * A block that will hold old and new bytes.
   *
   * @param block number of the block in its volume
   * @param sum what its sum will be
   */
  record Block(int volume, long block, int sum) {}

  FoldIntent {
    mixed = List.copyOf(mixed);
  }
}

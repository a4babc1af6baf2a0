package dev.farshore.log.group;

import dev.farshore.log.disk.Room;

/** What a fold does to a run of blocks of one image. */
sealed interface BlockItem permits BlockItem.Data, BlockItem.Clear, MixedBlock {

  long firstBlock();

  long endBlock();

  /**
   * Blocks that one record wrote whole.
   *
   * @param place where the first of them begins in the record's payload
   */
  record Data(long firstBlock, long endBlock, long lsn, int place) implements BlockItem {}

  /** Blocks that read as zeros from now on. */
  record Clear(long firstBlock, long endBlock, Room room) implements BlockItem {}
}

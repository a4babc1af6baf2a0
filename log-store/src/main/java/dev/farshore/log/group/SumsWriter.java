package dev.farshore.log.group;

import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.Room;
import dev.farshore.log.image.BaseImage;
import dev.farshore.log.image.BlockSum;
import dev.farshore.log.image.SumsFile;
import dev.farshore.log.record.RecordFormat;
import dev.farshore.log.record.RecordView;
import java.util.List;

/**
 * Puts the sums of a volume's plan beside its image, page by page. A block that one record wrote
 * whole gets its sum from the record's table: from the writer to the image it is one checksum.
 */
final class SumsWriter implements Pump.Source {

  /** Bounds the pages that wait in memory to be written. */
  private static final int CHANGED_PAGES_MAX = 64;

  private final FoldBatch batch;
  private final BaseImage image;
  private final SumsFile sums;
  private final List<BlockItem> items;
  private final boolean everySum;
  private int item;
  private long block;
  private boolean flushed;

  /**
   * @param everySum whether sums are written that are there already, for they may not be durable
   */
  SumsWriter(FoldBatch batch, BaseImage image, List<BlockItem> items, boolean everySum) {
    this.batch = batch;
    this.image = image;
    this.sums = image.sums();
    this.items = items;
    this.everySum = everySum;
    this.block = items.isEmpty() ? 0 : items.get(0).firstBlock();
  }

  void run(Completion completion) {
    Pump.run(this, 1, completion);
  }

  @Override
  public boolean submitNext(Completion completion) {
    if (everySum && rewriteHoles(completion)) {
      return true;
    }
    skipHoles();
    if (item == items.size() ? !flushed : sums.changedPages() >= CHANGED_PAGES_MAX) {
      flushed = item == items.size();
      sums.flush(completion);
      return true;
    }
    if (item == items.size()) {
      return false;
    }
    long first = block;
    long pageEnd = Math.min(SumsFile.nextPage(first), BaseImage.blocks(image.sizeBytes()));
    boolean whole = SumsFile.startsPage(first) && items.get(item).endBlock() >= pageEnd;
    if (whole) {
      sums.holdUnread(first);
      setPage(first, pageEnd);
      completion.done();
    } else {
      sums.hold(first, first + 1, new After(() -> setPage(first, pageEnd), completion));
    }
    return true;
  }

  /** Blocks that are to be holes and are holes need nothing, however many they are. */
  private void skipHoles() {
    while (!everySum
        && item < items.size()
        && items.get(item) instanceof BlockItem.Clear clear
        && clear.room() == Room.GIVE_UP
        && !image.isData(block)) {
      advance(image.runEnd(block, clear.endBlock()));
    }
  }

  /** Writes at once what is whole pages of holes. */
  private boolean rewriteHoles(Completion completion) {
    if (item == items.size()
        || !(items.get(item) instanceof BlockItem.Clear clear)
        || clear.room() != Room.GIVE_UP
        || !SumsFile.startsPage(block)
        || image.isData(block)) {
      return false;
    }
    long first = block;
    long end = SumsFile.pageStart(image.runEnd(block, clear.endBlock()));
    if (end == first) {
      return false;
    }
    advance(end);
    sums.rewriteHoles(first, end, completion);
    return true;
  }

  private void setPage(long first, long pageEnd) {
    while (item < items.size() && block < pageEnd) {
      BlockItem now = items.get(item);
      long end = Math.min(now.endBlock(), pageEnd);
      switch (now) {
        case BlockItem.Clear clear ->
            set(block, end, clear.room() == Room.KEEP ? BlockSum.ZEROS : BlockSum.HOLE);
        case MixedBlock mixed -> set(block, end, mixed.sum());
        case BlockItem.Data data -> setData(data, block, end);
      }
      advance(end);
    }
    sums.release(first, first + 1);
  }

  private void set(long from, long to, int sum) {
    for (long at = from; at < to; at++) {
      sums.set(at, sum);
    }
  }

  private void setData(BlockItem.Data data, long from, long to) {
    RecordView record = batch.record(data.lsn());
    long firstPiece = record.offset() / RecordFormat.BLOCK_BYTES;
    for (long at = from; at < to; at++) {
      sums.set(at, BlockSum.ofCrc(record.pieceChecksum((int) (at - firstPiece))));
    }
  }

  private void advance(long to) {
    block = to;
    if (block == items.get(item).endBlock()) {
      item++;
      block = item < items.size() ? items.get(item).firstBlock() : block;
    }
  }
}

package dev.farshore.log.group;

import dev.farshore.log.disk.Completion;
import dev.farshore.log.image.BaseImage;
import dev.farshore.log.record.RecordFormat;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Writes the bytes of a volume's plan into its image, in order of offset; neighbouring blocks go
 * out together. Long runs of one record are written from where the record lies.
 */
final class BlocksWriter implements Pump.Source {
  private static final int BLOCK = RecordFormat.BLOCK_BYTES;
  private static final int IN_FLIGHT = 4;

  /** A long clear is cut up, to bound what is submitted at once where the image is fragmented. */
  private static final int CLEAR_BLOCKS = 4096;

  /**
   * From this many on, blocks of one record are not worth a copy to go out with their neighbours.
   */
  private static final int LONG_RUN_BLOCKS = 32;

  private static final int MOST_BLOCKS = (1 << 20) / BLOCK;

  private final FoldBatch batch;
  private final BaseImage image;
  private final List<BlockItem> items;
  private final WriteBuffers buffers;
  private int item;
  private long block;
  private long writtenBytes;

  BlocksWriter(FoldBatch batch, BaseImage image, List<BlockItem> items, WriteBuffers buffers) {
    this.batch = batch;
    this.image = image;
    this.items = items;
    this.buffers = buffers;
    this.block = items.isEmpty() ? 0 : items.get(0).firstBlock();
  }

  void run(Completion completion) {
    Pump.run(this, IN_FLIGHT, completion);
  }

  /** Bytes that were submitted so far. */
  long writtenBytes() {
    return writtenBytes;
  }

  @Override
  public boolean submitNext(Completion completion) {
    if (item == items.size()) {
      return false;
    }
    if (items.get(item) instanceof BlockItem.Clear clear) {
      long first = block;
      long end = Math.min(clear.endBlock(), first + CLEAR_BLOCKS);
      advance(end);
      image.clearBlocks(first, end, clear.room(), completion);
      return true;
    }
    long first = block;
    if (items.get(item) instanceof BlockItem.Data data
        && data.endBlock() - first >= LONG_RUN_BLOCKS) {
      ByteBuffer run = bytes(data, MOST_BLOCKS);
      writtenBytes += run.remaining();
      advance(first + run.remaining() / BLOCK);
      image.writeBlocks(first, run, completion);
      return true;
    }
    ByteBuffer buffer = buffers.take();
    fill(buffer);
    buffer.flip();
    writtenBytes += buffer.remaining();
    image.writeBlocks(first, buffer, buffers.returning(buffer, completion));
    return true;
  }

  private void fill(ByteBuffer buffer) {
    long next = block;
    while (item < items.size() && block == next && buffer.hasRemaining()) {
      switch (items.get(item)) {
        case BlockItem.Clear _ -> {
          return;
        }
        case MixedBlock mixed -> {
          buffer.put(mixed.content());
          next = block + 1;
        }
        case BlockItem.Data data -> {
          ByteBuffer run = bytes(data, buffer.remaining() / BLOCK);
          next = block + run.remaining() / BLOCK;
          buffer.put(run);
        }
      }
      advance(next);
    }
  }

  /** What is to be written of an item from the present block on, where its record lies. */
  private ByteBuffer bytes(BlockItem.Data data, int mostBlocks) {
    int count = (int) Math.min(data.endBlock() - block, mostBlocks);
    int place = data.place() + (int) ((block - data.firstBlock()) * BLOCK);
    return batch.record(data.lsn()).payload().slice(place, count * BLOCK);
  }

  /** Moves on to a block of the present item, or to the next item. */
  private void advance(long to) {
    block = to;
    if (block == items.get(item).endBlock()) {
      item++;
      block = item < items.size() ? items.get(item).firstBlock() : block;
    }
  }
}

package dev.farshore.log.group;

import dev.farshore.log.disk.Room;
import dev.farshore.log.overlay.Overlay;
import dev.farshore.log.overlay.Pieces;
import dev.farshore.log.record.RecordFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/** What a fold does to the image of one volume, block by block, in order. */
final class VolumePlan implements Pieces {
  private static final int BLOCK = RecordFormat.BLOCK_BYTES;

  private final FoldBatch batch;
  private final VolumeState state;
  private final long imageBytes;
  private final long endBytes;
  private final List<BlockItem> items = new ArrayList<>();
  private final TreeMap<Long, MixedBlock> mixed = new TreeMap<>();

  /**
   * @param state the volume as the batch leaves it
   * @param imageBytes size of its image before the batch, 0 if it has none
   */
  VolumePlan(FoldBatch batch, VolumeState state, long imageBytes) {
    this.batch = batch;
    this.state = state;
    this.imageBytes = imageBytes;
    this.endBytes = Math.max(imageBytes, state.info().sizeBytes());
    state.overlay().visit(0, endBytes, 0, this);
  }

  VolumeState state() {
    return state;
  }

  /** The size that the image has while it is written: what is cut off is cleared first. */
  long endBytes() {
    return endBytes;
  }

  /** Whether there is anything to do. */
  boolean changes() {
    return !items.isEmpty() || state.bornLsn() > 0 || state.info().sizeBytes() != imageBytes;
  }

  /** Whether a block keeps bytes that the image holds. */
  boolean keepsOldBytes(MixedBlock block) {
    return block.needsImage() && block.firstBlock() * BLOCK < imageBytes;
  }

  /** Adds what the intent has to say about this volume. */
  void intend(List<FoldIntent.Block> into) {
    for (MixedBlock block : mixed.values()) {
      if (keepsOldBytes(block)) {
        into.add(new FoldIntent.Block(state.info().volume(), block.firstBlock(), block.sum()));
      }
    }
  }

  /** Why one of its blocks cannot be made. */
  Optional<IOException> damage() {
    return mixed.values().stream().flatMap(block -> block.damage().stream()).findFirst();
  }

  /** In order of blocks, disjoint. */
  List<BlockItem> items() {
    return items;
  }

  /** Those of the items that are mixed, by block. */
  TreeMap<Long, MixedBlock> mixed() {
    return mixed;
  }

  @Override
  public boolean base(long start, long end) {
    return true;
  }

  @Override
  public boolean piece(long start, long end, long lsn, int place) {
    long firstWhole = Math.min(end, (start + BLOCK - 1) / BLOCK * BLOCK);
    long endWhole = Math.max(firstWhole, end / BLOCK * BLOCK);
    if (start < firstWhole) {
      mix(start, firstWhole, lsn, place);
    }
    if (firstWhole < endWhole) {
      items.add(whole(firstWhole / BLOCK, endWhole / BLOCK, lsn, shift(place, firstWhole - start)));
    }
    if (endWhole < end) {
      mix(endWhole, end, lsn, shift(place, endWhole - start));
    }
    return true;
  }

  private static BlockItem whole(long firstBlock, long endBlock, long lsn, int place) {
    return switch (place) {
      case Overlay.HOLE -> new BlockItem.Clear(firstBlock, endBlock, Room.GIVE_UP);
      case Overlay.ZERO -> new BlockItem.Clear(firstBlock, endBlock, Room.KEEP);
      default -> new BlockItem.Data(firstBlock, endBlock, lsn, place);
    };
  }

  /** A piece of a block; pieces come in order. */
  private void mix(long start, long end, long lsn, int place) {
    long block = start / BLOCK;
    MixedBlock target = mixed.get(block);
    if (target == null) {
      target = new MixedBlock(block);
      mixed.put(block, target);
      items.add(target);
    }
    int from = (int) (start % BLOCK);
    int length = (int) (end - start);
    if (place < 0) {
      target.clear(from, from + length, place == Overlay.HOLE);
    } else {
      ByteBuffer payload = batch.record(lsn).payload();
      target.fill(from, payload.slice(place, length));
    }
  }

  private static int shift(int place, long bytes) {
    return place < 0 ? place : Math.toIntExact(place + bytes);
  }
}

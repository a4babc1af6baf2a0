package dev.farshore.log.group;

import dev.farshore.log.record.Change;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordFormat;
import dev.farshore.log.record.RecordView;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The records of one fold, whole appends, and the volumes as they make them: an overlay over the
 * images in which what was overwritten within the batch is gone already.
 */
final class FoldBatch {

  /** Bounds the memory for mixed blocks, and with it the intent in the superblock. */
  private static final int MIXED_MAX = 16 << 10;

  private static final int RECORDS_MAX = 64 << 10;

  private final List<VolumeInfo> base;
  private final VolumeTable table;
  private final long bytesMax;
  private final long firstLsn;
  private final List<ByteBuffer> records = new ArrayList<>();
  private final RecordView view = new RecordView();
  private LogPosition to;
  private long encodedBytes;
  private int mixedMost;

  /**
   * @param superblock what the images hold
   * @param bytesMax size of the records after which the batch is full
   */
  FoldBatch(Superblock superblock, long bytesMax) {
    this.base = superblock.volumes();
    this.table = new VolumeTable(superblock);
    this.bytesMax = bytesMax;
    this.to = superblock.folded();
    this.firstLsn = to.lsn() + 1;
  }

  /**
   * Takes one append.
   *
   * @param append its records in order, which stay unchanged as long as the batch is used
   * @return false if it has to wait for the next batch, because it gives the number of a volume
   *     that the images still hold to another one
   */
  boolean add(List<ByteBuffer> append) {
    for (ByteBuffer record : append) {
      if (view.wrap(record).change() instanceof Change.VolumeCreate create
          && base.stream().anyMatch(info -> info.volume() == create.volume())) {
        return false;
      }
    }
    for (ByteBuffer record : append) {
      view.wrap(record);
      Change change = view.change();
      table.apply(view.lsn(), change);
      mixedMost += mixedMost(change);
      encodedBytes += record.remaining();
      records.add(record);
      to = view.end();
    }
    return true;
  }

  private static int mixedMost(Change change) {
    return switch (change) {
      case Change.Write(int volume, long offset, var data) ->
          unaligned(offset) + unaligned(offset + data.remaining());
      case Change.Zero(int volume, long offset, long length) ->
          unaligned(offset) + unaligned(offset + length);
      case Change.Trim(int volume, long offset, long length) ->
          unaligned(offset) + unaligned(offset + length);
      case Change.VolumeResize resize -> unaligned(resize.sizeBytes()) + 1;
      default -> 0;
    };
  }

  private static int unaligned(long offset) {
    return offset % RecordFormat.BLOCK_BYTES == 0 ? 0 : 1;
  }

  boolean full() {
    return encodedBytes >= bytesMax || mixedMost >= MIXED_MAX || records.size() >= RECORDS_MAX;
  }

  boolean empty() {
    return records.isEmpty();
  }

  /** The position after its last record. */
  LogPosition to() {
    return to;
  }

  long encodedBytes() {
    return encodedBytes;
  }

  /** The volumes after its last record, with overlays over the images. */
  VolumeTable table() {
    return table;
  }

  /** Volumes that the images hold and that its records remove. */
  List<Integer> removed() {
    return base.stream().map(VolumeInfo::volume).filter(v -> table.find(v).isEmpty()).toList();
  }

  /** Looks at a record of it; good until the next call. */
  RecordView record(long lsn) {
    return view.wrap(records.get(Math.toIntExact(lsn - firstLsn)));
  }
}

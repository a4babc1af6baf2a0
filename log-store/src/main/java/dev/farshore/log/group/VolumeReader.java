package dev.farshore.log.group;

import dev.farshore.log.SegmentLog;
import dev.farshore.log.disk.AllOf;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.overlay.OverlayView;
import dev.farshore.log.overlay.Pieces;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Reads volumes: each byte from the record that wrote it last, or from the base image if that
 * record has been folded. Owned by the group's thread.
 */
final class VolumeReader {

  /**
   * A volume at one LSN.
   *
   * @param bornLsn the record that created it
   */
  record Volume(VolumeInfo info, long bornLsn, OverlayView overlay) {

    void requireInside(long offset, long length) {
      long size = info.sizeBytes();
      if (offset < 0 || length < 0 || offset > size || length > size - offset) {
        throw new IllegalArgumentException(
            offset + "+" + length + " is outside of volume " + info.volume() + " of " + size);
      }
    }
  }

  private final SegmentLog log;
  private final BaseImages images;
  private final Barrier barrier;

  VolumeReader(SegmentLog log, BaseImages images, Barrier barrier) {
    this.log = log;
    this.images = images;
    this.barrier = barrier;
  }

  /**
   * @param target filled from its position to its limit
   * @throws IllegalArgumentException if the range is not inside the volume
   */
  void read(Volume volume, long offset, ByteBuffer target, Completion completion) {
    volume.requireInside(offset, target.remaining());
    AllOf all = new AllOf(barrier.during(completion));
    long end = offset + target.remaining();
    volume
        .overlay()
        .visit(offset, end, images.position().lsn(), new Parts(volume, offset, target, all));
    all.submitted();
  }

  List<Extent> extents(Volume volume, long offset, long length, int limit) {
    volume.requireInside(offset, length);
    ExtentList extents = new ExtentList(limit);
    volume
        .overlay()
        .visit(
            offset,
            offset + length,
            images.position().lsn(),
            new Pieces() {
              @Override
              public boolean base(long start, long end) {
                return images.extents(
                    volume.info().volume(), volume.bornLsn(), start, end, extents);
              }

              @Override
              public boolean piece(long start, long end, long lsn, int place) {
                return extents.addPiece(end - start, place);
              }
            });
    return extents.extents();
  }

  /** Submits a read for each part of a range. */
  private final class Parts implements Pieces {
    private final Volume volume;
    private final long offset;
    private final ByteBuffer target;
    private final AllOf all;

    Parts(Volume volume, long offset, ByteBuffer target, AllOf all) {
      this.volume = volume;
      this.offset = offset;
      this.target = target;
      this.all = all;
    }

    @Override
    public boolean base(long start, long end) {
      images.read(volume.info().volume(), volume.bornLsn(), start, part(start, end), all);
      return true;
    }

    @Override
    public boolean piece(long start, long end, long lsn, int place) {
      if (place < 0) {
        Zeros.fill(part(start, end), 0, (int) (end - start));
      } else {
        log.read(lsn, volume.info().volume(), place, part(start, end), all.one());
      }
      return true;
    }

    private ByteBuffer part(long start, long end) {
      return target.slice(target.position() + (int) (start - offset), (int) (end - start));
    }
  }
}

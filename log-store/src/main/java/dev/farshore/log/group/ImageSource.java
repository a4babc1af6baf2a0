package dev.farshore.log.group;

import dev.farshore.log.disk.AllOf;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The base images of a group, held still at one position, to be copied. Owned by the group's
 * thread.
 */
public final class ImageSource implements AutoCloseable {
  private final LogPosition at;
  private final List<VolumeInfo> volumes;
  private final BaseImages images;
  private final Barrier barrier;
  private final Consumer<ImageSource> onClose;
  private Optional<IOException> lost;

  /**
   * @param lost why the images cannot be read; empty if they can
   */
  ImageSource(
      Superblock superblock,
      BaseImages images,
      Barrier barrier,
      Optional<IOException> lost,
      Consumer<ImageSource> onClose) {
    this.at = superblock.folded();
    this.volumes = superblock.volumes();
    this.images = images;
    this.barrier = barrier;
    this.lost = lost;
    this.onClose = onClose;
  }

  /** The position whose state the images hold; the end of an append. */
  public LogPosition at() {
    return at;
  }

  /** The volumes at that position, by number. */
  public List<VolumeInfo> volumes() {
    return volumes;
  }

  /**
   * Reads verified bytes of a base image.
   *
   * @param target filled from its position to its limit
   */
  public void read(int volume, long offset, ByteBuffer target, Completion completion) {
    requireInside(volume, offset, target.remaining());
    if (lost.isPresent()) {
      completion.failed(lost.get());
      return;
    }
    AllOf all = new AllOf(barrier.during(completion));
    images.read(volume, 0, offset, target, all);
    all.submitted();
  }

  /**
   * Runs of data and of holes in a range, whole blocks apart from the ends of the range, at most
   * {@code limit}; they cover a prefix of it.
   */
  public List<Extent> extents(int volume, long offset, long length, int limit) {
    requireInside(volume, offset, length);
    ExtentList extents = new ExtentList(limit);
    if (length > 0) {
      images.extents(volume, 0, offset, offset + length, extents);
    }
    return extents.extents();
  }

  private void requireInside(int volume, long offset, long length) {
    VolumeInfo info =
        volumes.stream()
            .filter(v -> v.volume() == volume)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("there is no volume " + volume));
    if (offset < 0 || length < 0 || offset > info.sizeBytes() - length) {
      throw new IllegalArgumentException(offset + "+" + length + " is outside of " + info);
    }
  }

  /** The images are gone. */
  void lose(IOException why) {
    lost = Optional.of(why);
  }

  /** Lets the fold go on. */
  @Override
  public void close() {
    onClose.accept(this);
  }
}

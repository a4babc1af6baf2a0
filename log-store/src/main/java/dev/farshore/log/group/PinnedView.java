package dev.farshore.log.group;

import dev.farshore.log.disk.Completion;
import dev.farshore.log.group.VolumeReader.Volume;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The volumes of a group at one LSN. Nothing behind that LSN is folded while the view is open.
 * Owned by the group's thread.
 */
public final class PinnedView implements AutoCloseable {
  private final long lsn;
  private final TreeMap<Integer, Volume> volumes;
  private final VolumeReader reader;
  private final Consumer<PinnedView> onClose;
  private boolean lost;

  PinnedView(long lsn, VolumeTable table, VolumeReader reader, Consumer<PinnedView> onClose) {
    this.lsn = lsn;
    this.volumes = new TreeMap<>();
    this.reader = reader;
    this.onClose = onClose;
    for (VolumeState state : table.states()) {
      volumes.put(
          state.info().volume(),
          new Volume(state.info(), state.bornLsn(), state.overlay().snapshot()));
    }
  }

  public long lsn() {
    return lsn;
  }

  /** The volumes, by number. */
  public List<VolumeInfo> volumes() {
    return volumes.values().stream().map(Volume::info).toList();
  }

  /**
   * Reads bytes of a volume, as {@link GroupStore#read} does. Fails if what the view shows is no
   * longer there: the log was cut below it, or the group's images were replaced.
   *
   * @param target filled from its position to its limit
   */
  public void read(int volume, long offset, ByteBuffer target, Completion completion) {
    Volume pinned = volume(volume);
    if (lost) {
      pinned.requireInside(offset, target.remaining());
      completion.failed(new IOException("what was pinned at lsn " + lsn + " is gone"));
      return;
    }
    reader.read(pinned, offset, target, completion);
  }

  /** As {@link GroupStore#extents}; one of data if what the view shows is no longer there. */
  public List<Extent> extents(int volume, long offset, long length, int limit) {
    Volume pinned = volume(volume);
    if (lost) {
      pinned.requireInside(offset, length);
      return List.of(new Extent(length, Extent.Kind.DATA));
    }
    return reader.extents(pinned, offset, length, limit);
  }

  /** The log or the images that it looks at are gone. */
  void lose() {
    lost = true;
  }

  private Volume volume(int volume) {
    Volume pinned = volumes.get(volume);
    if (pinned == null) {
      throw new IllegalArgumentException("there was no volume " + volume + " at lsn " + lsn);
    }
    return pinned;
  }

  @Override
  public void close() {
    onClose.accept(this);
  }
}

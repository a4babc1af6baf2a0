package dev.farshore.log.group;

import dev.farshore.log.overlay.Overlay;
import dev.farshore.log.record.Change;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The volumes of a group, made by applying records in order, and whether a degraded span is open.
 * Owned by the group's thread.
 */
final class VolumeTable {

  /** Bounds the superblock. */
  static final int VOLUMES_MAX = 1024;

  private final TreeMap<Integer, VolumeState> volumes = new TreeMap<>();
  private int highest;
  private boolean degraded;

  /** The volumes that the base images hold. */
  VolumeTable(Superblock superblock) {
    reset(superblock);
  }

  /**
   * Volumes that images from elsewhere hold.
   *
   * @param highest the highest number that a volume ever had
   */
  VolumeTable(List<VolumeInfo> infos, int highest) {
    reset(infos, highest, false);
  }

  /** Back to what the base images hold. */
  void reset(Superblock superblock) {
    reset(superblock.volumes(), superblock.highestVolume(), superblock.degraded());
  }

  private void reset(List<VolumeInfo> infos, int highestNumber, boolean inDegradedSpan) {
    highest = highestNumber;
    degraded = inDegradedSpan;
    volumes.clear();
    for (VolumeInfo info : infos) {
      volumes.put(info.volume(), new VolumeState(info, 0));
    }
  }

  Optional<VolumeState> find(int volume) {
    return Optional.ofNullable(volumes.get(volume));
  }

  /** The volumes, by number. */
  Collection<VolumeState> states() {
    return Collections.unmodifiableCollection(volumes.values());
  }

  List<VolumeInfo> infos() {
    return volumes.values().stream().map(VolumeState::info).toList();
  }

  /** The highest number that a volume ever had. */
  int highest() {
    return highest;
  }

  /** Whether a degraded span has begun and not ended. */
  boolean degraded() {
    return degraded;
  }

  /** Applies a record, which {@link ChangeCheck} has found to fit. */
  void apply(long lsn, Change change) {
    switch (change) {
      case Change.Write(int volume, long offset, var data) ->
          state(volume).overlay().put(offset, offset + data.remaining(), lsn, 0);
      case Change.Zero(int volume, long offset, long length) ->
          state(volume).overlay().put(offset, offset + length, lsn, Overlay.ZERO);
      case Change.Trim(int volume, long offset, long length) ->
          state(volume).overlay().put(offset, offset + length, lsn, Overlay.HOLE);
      case Change.VolumeCreate(int volume, String name, long sizeBytes) -> {
        VolumeInfo info = new VolumeInfo(volume, name, sizeBytes);
        if (volumes.putIfAbsent(volume, new VolumeState(info, lsn)) != null) {
          throw new IllegalStateException("volume " + volume + " is created twice");
        }
        highest = Math.max(highest, volume);
      }
      case Change.VolumeResize(int volume, long sizeBytes) -> state(volume).resize(lsn, sizeBytes);
      case Change.VolumeRemove(int volume) -> {
        state(volume);
        volumes.remove(volume);
      }
      case Change.EpochStart ignored -> {}
      case Change.DegradedSpan(boolean ends) -> degraded = !ends;
      case Change.Mark ignored -> {}
    }
  }

  private VolumeState state(int volume) {
    VolumeState state = volumes.get(volume);
    if (state == null) {
      throw new IllegalStateException("there is no volume " + volume);
    }
    return state;
  }
}

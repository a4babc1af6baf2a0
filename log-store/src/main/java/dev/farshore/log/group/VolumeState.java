package dev.farshore.log.group;

import dev.farshore.log.overlay.Overlay;

/** A volume as the records so far have made it, apart from its base image. */
final class VolumeState {
  private final Overlay overlay = new Overlay();
  private final long bornLsn;
  private VolumeInfo info;

  /**
   * @param bornLsn the record that created the volume; 0 if it was created before the base images
   */
  VolumeState(VolumeInfo info, long bornLsn) {
    this.info = info;
    this.bornLsn = bornLsn;
  }

  VolumeInfo info() {
    return info;
  }

  long bornLsn() {
    return bornLsn;
  }

  Overlay overlay() {
    return overlay;
  }

  /**
   * What is cut off becomes a hole in the overlay, which outlives a later growth: nothing that was
   * cut off comes back.
   */
  void resize(long lsn, long sizeBytes) {
    if (sizeBytes < info.sizeBytes()) {
      overlay.put(sizeBytes, info.sizeBytes(), lsn, Overlay.HOLE);
    }
    info = new VolumeInfo(info.volume(), info.name(), sizeBytes);
  }
}

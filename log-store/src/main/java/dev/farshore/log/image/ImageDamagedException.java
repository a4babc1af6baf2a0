package dev.farshore.log.image;

import java.io.IOException;

/** A block of a base image is not what was written. */
public final class ImageDamagedException extends IOException {
  private static final long serialVersionUID = 1L;

  /**
   * @param offset byte offset of the 4 KiB block in the volume
   */
  public ImageDamagedException(int volume, long offset, String reason) {
    super("volume " + volume + ", block at " + offset + ": " + reason);
  }
}

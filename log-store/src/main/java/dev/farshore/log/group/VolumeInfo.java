package dev.farshore.log.group;

/** A volume as the log defines it. */
public record VolumeInfo(int volume, String name, long sizeBytes) {

  /**
   * Largest volume: 15 TiB. Its base image is one file, ext4's files end just below 16 TiB, and a
   * record that no site's disk can follow would stop the group everywhere.
   */
  public static final long SIZE_BYTES_MAX = 15L << 40;
}

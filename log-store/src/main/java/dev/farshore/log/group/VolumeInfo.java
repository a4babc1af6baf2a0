package dev.farshore.log.group;

/** A volume as the log defines it. */
public record VolumeInfo(int volume, String name, long sizeBytes) {

  /** Largest volume: 1 PiB. */
  public static final long SIZE_BYTES_MAX = 1L << 50;
}

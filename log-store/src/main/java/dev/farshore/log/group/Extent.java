package dev.farshore.log.group;

/** A run of bytes of a volume that are alike. */
public record Extent(long length, Kind kind) {

  /** What a run holds. */
  public enum Kind {
    /** Bytes that were written. */
    DATA,
    /** Reads as zeros, room is kept for it. */
    ZERO,
    /** Reads as zeros, takes no room. */
    HOLE
  }
}

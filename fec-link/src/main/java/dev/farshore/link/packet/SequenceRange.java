package dev.farshore.link.packet;

/** Data packets {@code first} to {@code end - 1}; not empty. */
public record SequenceRange(long first, long end) {
  public SequenceRange {
    if (first < 0 || end <= first) {
      throw new IllegalArgumentException("empty range " + first + " to " + end);
    }
  }
}

package dev.farshore.log.record;

/**
 * Running hash over all records of a log up to one LSN (128 bits, XXH3 over the previous chain
 * value and the record). Two logs with the same chain at an LSN are the same up to it.
 */
public record Chain(long high, long low) {

  /** The chain of the empty log. */
  public static final Chain EMPTY = new Chain(0, 0);

  @Override
  public String toString() {
    return String.format("%016x%016x", high, low);
  }
}

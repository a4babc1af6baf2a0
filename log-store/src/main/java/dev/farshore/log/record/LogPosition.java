package dev.farshore.log.record;

/**
 * A point in a group's log: just after the record {@code lsn}.
 *
 * @param lsn number of the last record before this point; 0 for the start of the log
 * @param epoch epoch of that record, {@link Epoch#NONE} at the start
 * @param chain chain up to and including that record
 */
public record LogPosition(long lsn, Epoch epoch, Chain chain) {

  /** The point before the first record, whose LSN is 1. */
  public static final LogPosition START = new LogPosition(0, Epoch.NONE, Chain.EMPTY);
}

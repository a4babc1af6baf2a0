package dev.farshore.log.record;

/**
 * What the log adds to a {@link Change} to make a record of it.
 *
 * @param group identity of the group
 * @param lsn from 1
 * @param wallMillis wall clock, milliseconds since 1970
 * @param first whether the record is the first of its append
 * @param last whether the record is the last of its append
 */
public record RecordHead(
    long group, long lsn, Epoch epoch, long wallMillis, boolean first, boolean last) {

  public RecordHead {
    if (lsn < 1) {
      throw new IllegalArgumentException("LSNs start at 1, not " + lsn);
    }
  }
}

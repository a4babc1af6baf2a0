package dev.farshore.log.overlay;

/** Takes what lies in a range of a volume, in order and without gaps. */
public interface Pieces {

  /** Bytes {@code start} to {@code end}, which are not in the overlay: the base image has them. */
  boolean base(long start, long end);

  /**
   * Bytes {@code start} to {@code end}.
   *
   * @param lsn the record that wrote them
   * @param place offset of the first of them in the record's payload, or {@link Overlay#ZERO} or
   *     {@link Overlay#HOLE}
   * @return false to see no more
   */
  boolean piece(long start, long end, long lsn, int place);
}

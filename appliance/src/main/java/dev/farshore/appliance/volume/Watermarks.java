package dev.farshore.appliance.volume;

/**
 * How far a group's log has come: the LSN up to which each is true.
 *
 * @param appended with the operating system of this site: survives this process
 * @param forced durable at this site
 * @param sent in datagrams that have left this host
 * @param covered and so have the repair packets that the coverage level asks for
 * @param received in the mirror's memory
 * @param mirrored durable at the mirror
 */
public record Watermarks(
    long appended, long forced, long sent, long covered, long received, long mirrored) {

  /** Nothing is true of any record yet. */
  public static final Watermarks NONE = new Watermarks(0, 0, 0, 0, 0, 0);
}

package dev.farshore.link.session;

/**
 * What the user of a receiver wants the user of the sender to know; it rides in every ack, so
 * losses only delay it. Numbers of the user's own, which never fall.
 *
 * @param received for a mirror: LSN up to which records have arrived
 * @param mirrored for a mirror: LSN up to which records are forced (the mirror ack)
 */
public record Report(long received, long mirrored) {
  public static final Report NONE = new Report(0, 0);
}

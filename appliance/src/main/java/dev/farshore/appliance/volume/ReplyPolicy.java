package dev.farshore.appliance.volume;

/** What a reply promises: the group's mode, as a function of how far the log has come. */
@FunctionalInterface
public interface ReplyPolicy {

  /**
   * LSN up to which plain writes may be answered. The gate never goes beyond {@link
   * Watermarks#appended} whatever this says.
   */
  long acknowledgeable(Watermarks now);
}

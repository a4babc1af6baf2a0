package dev.farshore.log.group;

import dev.farshore.log.LogDamagedException;
import java.io.IOException;
import java.util.Optional;

/**
 * How the fold of a group stands.
 *
 * @param unfoldedRecords records that are not in the images yet
 * @param unfoldedBytes their encoded size
 * @param foldedBytes encoded size of the records that were folded since the store was opened
 * @param imageBytes bytes that were written to images for them
 * @param stalled why the fold cannot go on for now; it tries again
 */
public record FoldProgress(
    long unfoldedRecords,
    long unfoldedBytes,
    long foldedBytes,
    long imageBytes,
    Optional<IOException> stalled) {

  /** The record that this site's disk has lost, if that is why the fold cannot go on. */
  public Optional<Long> lostLsn() {
    return stalled
        .filter(cause -> cause instanceof LogDamagedException)
        .map(cause -> ((LogDamagedException) cause).lsn())
        .filter(lsn -> lsn > 0);
  }
}

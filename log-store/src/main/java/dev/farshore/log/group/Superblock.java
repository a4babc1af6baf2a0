package dev.farshore.log.group;

import dev.farshore.log.record.LogPosition;
import java.util.List;
import java.util.Optional;

/**
 * The durable root of a group's store: which files belong to it, and what they hold.
 *
 * @param generation of the images and of the log that are in service
 * @param folded the position whose state the images hold, apart from what the intent says
 * @param highestVolume the highest number that a volume ever had
 * @param volumes those at {@code folded}, by number
 * @param degraded whether a degraded span was open at {@code folded}
 * @param aside a log that was replaced and is still to be set aside
 * @param intent the fold that is under way
 */
record Superblock(
    long generation,
    LogPosition folded,
    int highestVolume,
    List<VolumeInfo> volumes,
    boolean degraded,
    Optional<Aside> aside,
    Optional<FoldIntent> intent) {

  /**
   * A log that is no longer in service.
   *
   * @param generation of the log
   * @param name under which it is kept
   */
  record Aside(long generation, String name) {}

  Superblock {
    volumes = List.copyOf(volumes);
  }

  /** The root of an empty store. */
  static Superblock empty() {
    return new Superblock(
        1, LogPosition.START, 0, List.of(), false, Optional.empty(), Optional.empty());
  }

  Superblock withIntent(FoldIntent next) {
    return new Superblock(
        generation, folded, highestVolume, volumes, degraded, aside, Optional.of(next));
  }

  Superblock withoutAside() {
    return new Superblock(
        generation, folded, highestVolume, volumes, degraded, Optional.empty(), intent);
  }

  /** The root once the fold is complete, and {@code table} says what the images hold. */
  Superblock folded(LogPosition to, VolumeTable table) {
    return new Superblock(
        generation, to, table.highest(), table.infos(), table.degraded(), aside, Optional.empty());
  }
}

package dev.farshore.link.code;

import dev.farshore.link.packet.Recipe;
import java.util.Arrays;

/** A group on the receiving side that has more missing members than repairs. */
final class PendingGroup {

  Recipe recipe;
  int missing;
  int symbolBytes;
  boolean queued;

  // Repairs that are here, by index; null for those that are not.
  final byte[][] repairs;
  int repairCount;

  // For member i, if it is missing: the next group that waits for the same packet.
  final PendingGroup[] nextWaiting;

  // Links of the list of all pending groups, oldest first.
  PendingGroup previous;
  PendingGroup next;

  PendingGroup(int maxMembers, int maxRepairs) {
    nextWaiting = new PendingGroup[maxMembers];
    repairs = new byte[maxRepairs][];
  }

  boolean hasRoomFor(Recipe other) {
    return nextWaiting.length >= other.members() && repairs.length >= other.repairs();
  }

  void start(Recipe newRecipe, int newSymbolBytes) {
    recipe = newRecipe;
    symbolBytes = newSymbolBytes;
    missing = 0;
    repairCount = 0;
    queued = false;
    Arrays.fill(nextWaiting, null);
  }
}

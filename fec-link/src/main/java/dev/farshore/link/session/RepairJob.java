package dev.farshore.link.session;

import dev.farshore.link.code.CodingGroup;
import dev.farshore.link.code.LayerEncoder;
import dev.farshore.link.packet.Recipe;

/** A closed coding group whose repairs are to be sent. Owned by the sender's thread. */
final class RepairJob {

  private final LayerEncoder encoder;
  private final CodingGroup group;
  private final Recipe recipe;
  private final long serial;
  private int handed;
  private int departed;
  private long lastNumber;

  RepairJob(LayerEncoder encoder, CodingGroup group, long serial) {
    this.encoder = encoder;
    this.group = group;
    this.recipe = group.recipe();
    this.serial = serial;
  }

  /** The group; not to be used any more when all repairs have left. */
  CodingGroup group() {
    return group;
  }

  Recipe recipe() {
    return recipe;
  }

  /** Order of closing. */
  long serial() {
    return serial;
  }

  /** Index of the repair that is to be sent next. */
  int nextIndex() {
    return handed;
  }

  /** The next repair was handed to the port. */
  void onHanded(long number) {
    handed++;
    lastNumber = number;
  }

  /** Packet number of the repair that was handed to the port last. */
  long lastNumber() {
    return lastNumber;
  }

  boolean isHanded() {
    return handed == recipe.repairs();
  }

  /** The repairs that were not handed to the port are not needed. */
  void cancel() {
    if (handed == departed) {
      encoder.release(group);
    }
    handed = recipe.repairs();
  }

  /** One repair left this host. Returns whether it was the last. */
  boolean onDeparted() {
    departed++;
    boolean last = departed == recipe.repairs();
    if (last) {
      encoder.release(group);
    }
    return last;
  }
}

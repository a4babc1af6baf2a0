package dev.farshore.agent.mirror;

import dev.farshore.log.group.GroupStore;
import dev.farshore.log.group.VolumeInfo;
import dev.farshore.log.record.Change;
import java.io.IOException;
import java.util.List;

/**
 * Creates, resizes and removes the volumes of a group that this site leads. What it does is in the
 * log, and so at the mirror, like every write. Owned by the group's thread.
 */
public final class VolumeAdministration {
  /** What sizes there are, for people. */
  public static final String SIZES =
      "a volume has 1 byte to " + (VolumeInfo.SIZE_BYTES_MAX >> 40) + " TiB";

  private static final int MAX_NAME_BYTES = 255;

  /** Takes the outcome of a change, once the group's mode lets it be answered. */
  public interface Outcome {
    void done();

    void failed(String reason);
  }

  private final GroupStore store;
  private final Primary primary;
  private final NodePorts ports;

  VolumeAdministration(GroupStore store, Primary primary, NodePorts ports) {
    this.store = store;
    this.primary = primary;
    this.ports = ports;
  }

  public List<VolumeInfo> volumes() {
    return store.volumes();
  }

  /**
   * @param name 1 to 255 bytes of UTF-8, not taken
   * @param sizeBytes 1 to {@link VolumeInfo#SIZE_BYTES_MAX}
   */
  public void create(String name, long sizeBytes, Outcome outcome) {
    int bytes = name.getBytes(java.nio.charset.StandardCharsets.UTF_8).length;
    if (bytes == 0 || bytes > MAX_NAME_BYTES) {
      outcome.failed("a volume's name has 1 to " + MAX_NAME_BYTES + " bytes");
    } else if (store.volume(name).isPresent()) {
      outcome.failed("there is a volume " + name + " already");
    } else if (sizeBytes <= 0 || sizeBytes > VolumeInfo.SIZE_BYTES_MAX) {
      outcome.failed(SIZES);
    } else {
      change(new Change.VolumeCreate(store.nextVolumeNumber(), name, sizeBytes), outcome);
    }
  }

  /**
   * @param sizeBytes as in {@link #create}
   */
  public void resize(String name, long sizeBytes, Outcome outcome) {
    var volume = store.volume(name);
    if (volume.isEmpty()) {
      outcome.failed("there is no volume " + name);
    } else if (sizeBytes <= 0 || sizeBytes > VolumeInfo.SIZE_BYTES_MAX) {
      outcome.failed(SIZES);
    } else {
      change(new Change.VolumeResize(volume.get().volume(), sizeBytes), outcome);
    }
  }

  public void remove(String name, Outcome outcome) {
    var volume = store.volume(name);
    if (volume.isEmpty()) {
      outcome.failed("there is no volume " + name);
    } else {
      change(new Change.VolumeRemove(volume.get().volume()), outcome);
    }
  }

  private void change(Change change, Outcome outcome) {
    try {
      long lsn = store.append(List.of(change), primary.epoch(), ports.wallMillis().getAsLong());
      store.log().requestForce();
      primary.awaitForced(lsn, outcome);
      ports.wake().run();
    } catch (IOException e) {
      outcome.failed(e.getMessage());
    }
  }
}

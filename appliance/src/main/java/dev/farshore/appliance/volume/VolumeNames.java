package dev.farshore.appliance.volume;

import dev.farshore.log.group.VolumeInfo;
import java.util.List;
import java.util.Optional;

/** Which volume a client means by the name that it sends. */
final class VolumeNames {

  private VolumeNames() {}

  /** The volume of that name; for the empty name the only one, if there is only one. */
  static Optional<VolumeInfo> find(List<VolumeInfo> volumes, String name) {
    if (name.isEmpty()) {
      return volumes.size() == 1 ? Optional.of(volumes.getFirst()) : Optional.empty();
    }
    return volumes.stream().filter(volume -> volume.name().equals(name)).findFirst();
  }
}

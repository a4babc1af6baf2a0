package dev.farshore.log.group;

import dev.farshore.log.record.Change;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Whether the changes of one append fit the volumes, each after those before it. Nothing is applied
 * until all of them do.
 */
final class ChangeCheck {
  private final VolumeTable table;

  /** Volumes as the append leaves them, where that is not what the table says; empty if removed. */
  private final TreeMap<Integer, Optional<VolumeInfo>> touched = new TreeMap<>();

  ChangeCheck(VolumeTable table) {
    this.table = table;
  }

  /**
   * Takes the next change of the append.
   *
   * @return why it does not fit; empty if it does
   */
  Optional<String> misfit(Change change) {
    return switch (change) {
      case Change.Write(int volume, long offset, var data) ->
          outside(volume, offset, data.remaining());
      case Change.Zero(int volume, long offset, long length) -> outside(volume, offset, length);
      case Change.Trim(int volume, long offset, long length) -> outside(volume, offset, length);
      case Change.VolumeCreate create -> create(create);
      case Change.VolumeResize(int volume, long sizeBytes) -> resize(volume, sizeBytes);
      case Change.VolumeRemove(int volume) -> remove(volume);
      case Change.EpochStart ignored -> Optional.empty();
      case Change.DegradedSpan ignored -> Optional.empty();
      case Change.Mark ignored -> Optional.empty();
    };
  }

  private Optional<VolumeInfo> find(int volume) {
    Optional<VolumeInfo> changed = touched.get(volume);
    return changed == null ? table.find(volume).map(VolumeState::info) : changed;
  }

  private Optional<String> outside(int volume, long offset, long length) {
    Optional<VolumeInfo> info = find(volume);
    if (info.isEmpty()) {
      return missing(volume);
    }
    long size = info.get().sizeBytes();
    if (offset < 0 || length <= 0 || offset > size || length > size - offset) {
      return Optional.of(
          offset + "+" + length + " is outside of volume " + volume + " of " + size + " bytes");
    }
    return Optional.empty();
  }

  private Optional<String> create(Change.VolumeCreate create) {
    // The number of a volume that this append removed is refused too: between the two records
    // there would be no place to fold up to.
    if (create.volume() <= 0
        || touched.containsKey(create.volume())
        || find(create.volume()).isPresent()) {
      return Optional.of("volume " + create.volume() + " cannot be created");
    }
    Set<String> names = new HashSet<>();
    for (VolumeState state : table.states()) {
      find(state.info().volume()).ifPresent(info -> names.add(info.name()));
    }
    touched.values().forEach(changed -> changed.ifPresent(info -> names.add(info.name())));
    if (names.contains(create.name())) {
      return Optional.of("there is a volume " + create.name());
    }
    if (names.size() >= VolumeTable.VOLUMES_MAX) {
      return Optional.of("there are " + names.size() + " volumes, no more fit in a group");
    }
    return size(new VolumeInfo(create.volume(), create.name(), create.sizeBytes()));
  }

  private Optional<String> resize(int volume, long sizeBytes) {
    Optional<VolumeInfo> info = find(volume);
    return info.isEmpty()
        ? missing(volume)
        : size(new VolumeInfo(volume, info.get().name(), sizeBytes));
  }

  private Optional<String> size(VolumeInfo info) {
    if (info.sizeBytes() < 0 || info.sizeBytes() > VolumeInfo.SIZE_BYTES_MAX) {
      return Optional.of("a volume of " + info.sizeBytes() + " bytes");
    }
    touched.put(info.volume(), Optional.of(info));
    return Optional.empty();
  }

  private Optional<String> remove(int volume) {
    if (find(volume).isEmpty()) {
      return missing(volume);
    }
    touched.put(volume, Optional.empty());
    return Optional.empty();
  }

  private static Optional<String> missing(int volume) {
    return Optional.of("there is no volume " + volume);
  }
}

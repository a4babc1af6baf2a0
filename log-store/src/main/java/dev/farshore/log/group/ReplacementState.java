package dev.farshore.log.group;

import dev.farshore.log.group.ImageReplacement.Progress;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.slot.SlotFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;

/**
 * What has been received of new images.
 *
 * @param generation of the new images
 * @param at the position whose state they will hold
 * @param volumes that they will be, by number
 * @param progress everything before it is durable
 */
record ReplacementState(
    long generation, LogPosition at, List<VolumeInfo> volumes, Progress progress) {
  static final String FILE = "replacement";

  /** Room for {@link VolumeTable#VOLUMES_MAX} volumes with the longest names. */
  static final SlotFormat FORMAT = new SlotFormat(0x43414c5045525346L, 1, 512 << 10);

  ReplacementState {
    volumes = volumes.stream().sorted(Comparator.comparingInt(VolumeInfo::volume)).toList();
  }

  /** At the start of the copy. */
  static ReplacementState begin(long generation, LogPosition at, List<VolumeInfo> volumes) {
    int first = volumes.isEmpty() ? 0 : volumes.get(0).volume();
    return new ReplacementState(generation, at, volumes, new Progress(first, 0));
  }

  /**
   * The volumes as the new images hold them.
   *
   * @param highest the highest number that a volume ever had here
   */
  VolumeTable table(int highest) {
    int numbered = volumes.stream().mapToInt(VolumeInfo::volume).max().orElse(0);
    return new VolumeTable(volumes, Math.max(highest, numbered));
  }

  ReplacementState advanced(Progress to) {
    return new ReplacementState(generation, at, volumes, to);
  }

  /** Whether it is about the same images, however far they are. */
  boolean continues(ReplacementState other) {
    return generation == other.generation && at.equals(other.at) && volumes.equals(other.volumes);
  }

  ByteBuffer encode() {
    return new ValueWriter()
        .int64(generation)
        .position(at)
        .int32(progress.volume())
        .int64(progress.offset())
        .volumes(volumes)
        .value();
  }

  static ReplacementState decode(ByteBuffer value) throws IOException {
    ValueReader reader = new ValueReader(value, "the progress of a replacement");
    long generation = reader.int64();
    LogPosition at = reader.position();
    Progress progress = new Progress(reader.count(), reader.int64());
    List<VolumeInfo> volumes = reader.volumes();
    reader.end();
    return new ReplacementState(generation, at, volumes, progress);
  }
}

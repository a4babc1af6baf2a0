package dev.farshore.tests.sim;

import dev.farshore.agent.mirror.GroupStorage;
import dev.farshore.log.SegmentLogs;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.file.FileSegmentLogs;
import dev.farshore.log.file.LogSettings;
import dev.farshore.log.group.FoldingGroupStore;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.group.GroupStoreSettings;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/** The product's stores over a simulated disk, as a site's home makes them over a real one. */
final class Stores {
  private final Scenario.Storage sizes;
  private final LongSupplier nanoTime;

  Stores(Scenario.Storage sizes, LongSupplier nanoTime) {
    this.sizes = sizes;
    this.nanoTime = nanoTime;
  }

  /**
   * @param groupId identity of a group whose store is opened
   */
  GroupStorage over(Disk disk, LongSupplier groupId, RandomGenerator entropy) {
    return new GroupStorage() {
      @Override
      public Optional<GroupStore> open() throws IOException {
        return FoldingGroupStore.exists(disk)
            ? Optional.of(
                FoldingGroupStore.open(
                    disk, logs(groupId.getAsLong()), settings(), nanoTime.getAsLong()))
            : Optional.empty();
      }

      @Override
      public GroupStore create(long group) throws IOException {
        return FoldingGroupStore.create(disk, logs(group), settings(), nanoTime.getAsLong());
      }

      private SegmentLogs logs(long group) {
        LogSettings settings =
            new LogSettings(
                "log", group, sizes.segmentBytes(), sizes.logCacheBytes(), sizes.spareSegments());
        return new FileSegmentLogs(disk, settings, entropy);
      }
    };
  }

  private GroupStoreSettings settings() {
    return new GroupStoreSettings(
        sizes.foldBatchBytes(), Duration.ofNanos(sizes.foldDelayNanos()), sizes.sumsCacheBytes());
  }
}

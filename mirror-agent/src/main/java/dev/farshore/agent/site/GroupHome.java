package dev.farshore.agent.site;

import dev.farshore.agent.config.GroupConfig;
import dev.farshore.agent.mirror.GroupStorage;
import dev.farshore.agent.mirror.Leadership;
import dev.farshore.agent.mirror.LeadershipFile;
import dev.farshore.log.SegmentLogs;
import dev.farshore.log.chronicle.ChronicleSegmentLogs;
import dev.farshore.log.chronicle.ChronicleSettings;
import dev.farshore.log.disk.RealDisk;
import dev.farshore.log.file.FileSegmentLogs;
import dev.farshore.log.file.LogSettings;
import dev.farshore.log.group.FoldingGroupStore;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.group.GroupStoreSettings;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a group lies at this site: a directory of its own, with its leadership, its log and its
 * images. Owned by the site's thread.
 */
final class GroupHome implements GroupStorage, AutoCloseable {
  private static final long SUMS_CACHE_BYTES = 16L << 20;

  private final GroupConfig config;
  private final RealDisk disk;
  private final LeadershipFile leadership;
  private final LogMemory memory;
  private final Runnable wake;

  private GroupHome(GroupConfig config, RealDisk disk, LogMemory memory, Runnable wake) {
    this.config = config;
    this.memory = memory;
    this.disk = disk;
    this.leadership = new LeadershipFile(disk);
    this.wake = wake;
  }

  /**
   * @param groups directory of all groups
   * @param wake called from the disk's threads
   */
  static GroupHome open(Path groups, GroupConfig group, LogMemory memory, Runnable wake)
      throws IOException {
    Path directory = groups.resolve(group.name());
    SiteProcess.privateDirectory(directory);
    return new GroupHome(group, new RealDisk(directory, wake), memory, wake);
  }

  LeadershipFile leadership() {
    return leadership;
  }

  Path directory() {
    return disk.directory();
  }

  @Override
  public Optional<GroupStore> open() throws IOException {
    if (!FoldingGroupStore.exists(disk)) {
      return Optional.empty();
    }
    long groupId = leadership.read().map(Leadership::groupId).orElse(0L);
    try {
      return Optional.of(
          FoldingGroupStore.open(disk, logs(groupId), settings(), System.nanoTime()));
    } catch (NoSuchFileException e) {
      throw new IOException(
          "group "
              + config.name()
              + ": its log is not in "
              + directory()
              + " ("
              + e.getMessage()
              + "); a group keeps the kind of store that it was made with",
          e);
    }
  }

  @Override
  public GroupStore create(long groupId) throws IOException {
    return FoldingGroupStore.create(disk, logs(groupId), settings(), System.nanoTime());
  }

  private SegmentLogs logs(long groupId) throws IOException {
    GroupConfig.Storage storage = config.storage();
    return switch (storage.store()) {
      case CHRONICLE ->
          new ChronicleSegmentLogs(
              directory(), new ChronicleSettings(groupId, storage.segmentBytes(), wake));
      case FILE ->
          new FileSegmentLogs(
              disk,
              LogSettings.of("log", groupId)
                  .withSegmentBytes(storage.segmentBytes())
                  .withCacheBytes(memory.forLog(storage.foldBatchBytes())),
              new SecureRandom());
    };
  }

  private GroupStoreSettings settings() {
    return new GroupStoreSettings(
        config.storage().foldBatchBytes(),
        Duration.ofNanos(config.storage().foldDelayNanos()),
        SUMS_CACHE_BYTES);
  }

  @Override
  public void close() throws IOException {
    leadership.close();
    disk.close();
  }
}

package dev.farshore.tests.crash;

import dev.farshore.log.disk.RealDisk;
import dev.farshore.log.file.FileSegmentLogs;
import dev.farshore.log.file.LogSettings;
import dev.farshore.log.group.FoldingGroupStore;
import dev.farshore.log.group.GroupStoreSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;

/**
 * A group's store in a directory, with segments and folds so small that they change all the time.
 */
record GroupOnDisk(FoldingGroupStore store, RealDisk disk) implements AutoCloseable {
  private static final long GROUP = 9;
  private static final int SEGMENT_BYTES = 512 << 10;
  private static final GroupStoreSettings SETTINGS =
      new GroupStoreSettings(256 << 10, Duration.ofMillis(5), 64 << 10);

  /** Opens the store of a directory; makes it if there is none. */
  static GroupOnDisk open(Path directory, Runnable wake) throws IOException {
    RealDisk disk = new RealDisk(directory, wake);
    LogSettings settings = LogSettings.of("any", GROUP).withSegmentBytes(SEGMENT_BYTES);
    FileSegmentLogs logs = new FileSegmentLogs(disk, settings, new SecureRandom());
    try {
      long now = System.nanoTime();
      FoldingGroupStore store =
          FoldingGroupStore.exists(disk)
              ? FoldingGroupStore.open(disk, logs, SETTINGS, now)
              : FoldingGroupStore.create(disk, logs, SETTINGS, now);
      return new GroupOnDisk(store, disk);
    } catch (IOException e) {
      disk.close();
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    try {
      store.close();
    } finally {
      disk.close();
    }
  }
}

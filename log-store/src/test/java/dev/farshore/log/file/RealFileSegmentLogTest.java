package dev.farshore.log.file;

import dev.farshore.log.SegmentLog;
import dev.farshore.log.SegmentLogContract;
import dev.farshore.log.StoreUnderTest;
import dev.farshore.log.disk.RealDisk;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;

/** The common part of the contract, of the file store over a directory of the operating system. */
class RealFileSegmentLogTest extends SegmentLogContract {

  @TempDir Path directory;

  @Override
  protected StoreUnderTest store() {
    return new Store(directory);
  }

  private static final class Store implements StoreUnderTest {
    private final Path directory;
    private final List<RealDisk> disks = new ArrayList<>();
    private long entropy;

    Store(Path directory) {
      this.directory = directory;
    }

    private static LogSettings settings(String name) {
      return new LogSettings(name, GROUP, 64 << 10, 64 << 10, 2);
    }

    private RealDisk disk() throws IOException {
      RealDisk disk = new RealDisk(directory, () -> {});
      disks.add(disk);
      return disk;
    }

    @Override
    public SegmentLog create(String name, LogPosition start) throws IOException {
      return FileSegmentLog.create(disk(), settings(name), start, entropy++);
    }

    @Override
    public SegmentLog open(String name) throws IOException {
      return FileSegmentLog.open(disk(), settings(name), entropy++);
    }

    @Override
    public SegmentLog openAfterDeath(String name) throws IOException {
      disks.getLast().close();
      return open(name);
    }

    @Override
    public int randomRuns() {
      // Each opening waits for the device several times.
      return 3;
    }

    @Override
    public void close() throws IOException {
      for (RealDisk disk : disks) {
        disk.close();
      }
    }
  }
}

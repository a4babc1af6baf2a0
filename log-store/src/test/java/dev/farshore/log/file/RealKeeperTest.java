package dev.farshore.log.file;

import dev.farshore.log.KeeperUnderTest;
import dev.farshore.log.SegmentLogDamageContract;
import dev.farshore.log.SegmentLogs;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.RealDisk;
import dev.farshore.log.disk.SimulatedPlatter;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;

/**
 * What of the keeper's part can be made in a directory of the operating system: damage at rest. The
 * tests of crashes have the rest of it there, with a kernel whose writeback fails.
 */
class RealKeeperTest extends SegmentLogDamageContract {

  @TempDir Path directory;

  @Override
  protected KeeperUnderTest keeper() {
    return new Keeper(directory);
  }

  private static final class Keeper implements KeeperUnderTest {
    private final Path directory;
    private final SplittableRandom random = new SplittableRandom(4);
    private Optional<RealDisk> disk = Optional.empty();

    Keeper(Path directory) {
      this.directory = directory;
    }

    @Override
    public Disk mount() throws IOException {
      close();
      disk = Optional.of(new RealDisk(directory, () -> {}));
      return disk.get();
    }

    @Override
    public SegmentLogs logs(Disk on) {
      LogSettings settings = new LogSettings("any", GROUP, 64 << 10, 16 << 10, 1);
      return new FileSegmentLogs(on, settings, random);
    }

    @Override
    public SortedMap<String, byte[]> files() throws IOException {
      SortedMap<String, byte[]> files = new TreeMap<>();
      try (DirectoryStream<Path> paths = Files.newDirectoryStream(directory)) {
        for (Path path : paths) {
          files.put(path.getFileName().toString(), Files.readAllBytes(path));
        }
      }
      return files;
    }

    @Override
    public void lay(Map<String, byte[]> files) throws IOException {
      close();
      for (String name : files().keySet()) {
        Files.delete(directory.resolve(name));
      }
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        Files.write(directory.resolve(file.getKey()), file.getValue());
      }
    }

    @Override
    public int sparseness() {
      // Each opening waits for the device several times.
      return 40;
    }

    @Override
    public Optional<SimulatedPlatter> platter() {
      return Optional.empty();
    }

    @Override
    public void close() throws IOException {
      if (disk.isPresent()) {
        disk.get().close();
        disk = Optional.empty();
      }
    }
  }
}

package dev.farshore.log.file;

import dev.farshore.log.KeeperUnderTest;
import dev.farshore.log.SegmentLogKeeperContract;
import dev.farshore.log.SegmentLogs;
import dev.farshore.log.disk.Awaited;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskFile;
import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.disk.SimulatedPlatter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** The keeper's part of the contract, of the file store over the simulated disk. */
class SimulatedKeeperTest extends SegmentLogKeeperContract {
  private static final DiskTiming AT_ONCE = new DiskTiming(0, 0, 0, 0, true);

  @Override
  protected KeeperUnderTest keeper() {
    return new Keeper();
  }

  private static final class Keeper implements KeeperUnderTest {
    private final SplittableRandom random = new SplittableRandom(4);
    private SimulatedPlatter platter;

    @Override
    public Disk mount() {
      platter.processDeath();
      return platter.mount();
    }

    @Override
    public SegmentLogs logs(Disk disk) {
      LogSettings settings = new LogSettings("any", GROUP, 64 << 10, 16 << 10, 1);
      return new FileSegmentLogs(disk, settings, random);
    }

    @Override
    public SortedMap<String, byte[]> files() throws IOException {
      SortedMap<String, byte[]> files = new TreeMap<>();
      for (String name : platter.names()) {
        files.put(name, platter.liveBytes(name));
      }
      return files;
    }

    @Override
    public void lay(Map<String, byte[]> files) throws IOException {
      platter = new SimulatedPlatter(random, AT_ONCE);
      Disk disk = platter.mount();
      for (Map.Entry<String, byte[]> entry : files.entrySet()) {
        try (DiskFile file = disk.create(entry.getKey(), Disk.Access.RANDOM)) {
          Awaited written = new Awaited();
          file.write(0, ByteBuffer.wrap(entry.getValue()), written);
          written.join(disk);
          Awaited forced = new Awaited();
          file.force(forced);
          forced.join(disk);
        }
      }
      disk.forceDirectory();
      disk.close();
    }

    @Override
    public Optional<SimulatedPlatter> platter() {
      return Optional.of(platter);
    }

    @Override
    public void close() {
      platter.processDeath();
    }
  }
}

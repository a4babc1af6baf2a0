package dev.farshore.log.file;

import dev.farshore.log.SegmentLog;
import dev.farshore.log.SegmentLogContract;
import dev.farshore.log.StoreUnderTest;
import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.disk.SimulatedPlatter;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;

/** The common part of the contract, of the file store over a disk that shuffles what it does. */
class SimulatedFileSegmentLogTest extends SegmentLogContract {

  @Override
  protected StoreUnderTest store() {
    return new Store();
  }

  private static final class Store implements StoreUnderTest {
    private final Map<String, SimulatedPlatter> platters = new TreeMap<>();
    private long entropy;

    private SimulatedPlatter platter(String name) {
      return platters.computeIfAbsent(
          name, any -> new SimulatedPlatter(new SplittableRandom(3), DiskTiming.SHUFFLED));
    }

    private static LogSettings settings(String name) {
      return new LogSettings(name, GROUP, 64 << 10, 64 << 10, 2);
    }

    @Override
    public SegmentLog create(String name, LogPosition start) throws IOException {
      return FileSegmentLog.create(platter(name).mount(), settings(name), start, entropy++);
    }

    @Override
    public SegmentLog open(String name) throws IOException {
      platter(name).processDeath();
      return FileSegmentLog.open(platter(name).mount(), settings(name), entropy++);
    }

    @Override
    public SegmentLog openAfterDeath(String name) throws IOException {
      return open(name);
    }

    @Override
    public void close() {
      platters.clear();
    }
  }
}

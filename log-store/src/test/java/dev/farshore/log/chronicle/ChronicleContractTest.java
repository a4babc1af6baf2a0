package dev.farshore.log.chronicle;

import dev.farshore.log.SegmentLog;
import dev.farshore.log.SegmentLogContract;
import dev.farshore.log.StoreUnderTest;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;

/** The common part of the contract; the keeper's part is not for this store. */
class ChronicleContractTest extends SegmentLogContract {
  private static final int SEGMENT_BYTES = 64 << 10;

  @TempDir Path directory;

  @Override
  protected StoreUnderTest store() {
    return new Store(directory);
  }

  private static final class Store implements StoreUnderTest {
    private final Path directory;

    /** Where each log lies, and the log that was opened there last. */
    private final Map<String, Path> places = new TreeMap<>();

    private final Map<String, SegmentLog> opened = new TreeMap<>();
    private int deaths;

    Store(Path directory) {
      this.directory = directory;
    }

    @Override
    public void close() throws IOException {
      for (SegmentLog log : opened.values()) {
        log.close();
      }
    }

    private ChronicleSegmentLogs logs(String name) throws IOException {
      Path place = places.computeIfAbsent(name, first -> directory.resolve(first + "-0"));
      Files.createDirectories(place);
      return new ChronicleSegmentLogs(place, new ChronicleSettings(GROUP, SEGMENT_BYTES, () -> {}));
    }

    private SegmentLog kept(String name, SegmentLog log) {
      opened.put(name, log);
      return log;
    }

    @Override
    public SegmentLog create(String name, LogPosition start) throws IOException {
      return kept(name, logs(name).create(name, start));
    }

    @Override
    public SegmentLog open(String name) throws IOException {
      return kept(name, logs(name).open(name));
    }

    /** Goes on with a copy of what a process that ends now leaves behind. */
    @Override
    public SegmentLog openAfterDeath(String name) throws IOException {
      Path left = places.get(name);
      Path copy = directory.resolve(name + "-" + ++deaths);
      SparseCopy.of(left, copy);
      opened.get(name).close();
      SparseCopy.delete(left);
      places.put(name, copy);
      return open(name);
    }

    @Override
    public int randomRuns() {
      return 3;
    }
  }
}

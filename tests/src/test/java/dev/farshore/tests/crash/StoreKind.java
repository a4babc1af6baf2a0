package dev.farshore.tests.crash;

import dev.farshore.log.SegmentLog;
import dev.farshore.log.SegmentLogs;
import dev.farshore.log.chronicle.ChronicleSegmentLogs;
import dev.farshore.log.chronicle.ChronicleSettings;
import dev.farshore.log.disk.RealDisk;
import dev.farshore.log.file.FileSegmentLogs;
import dev.farshore.log.file.LogSettings;
import dev.farshore.log.record.LogPosition;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;

/** The stores of the log, with segments so short that they change all the time. */
enum StoreKind {
  FILE,
  CHRONICLE;

  static final long GROUP = 9;
  private static final String NAME = "log";
  private static final int SEGMENT_BYTES = 512 << 10;

  /** An open log and what is below it. */
  record Opened(SegmentLog log, Closeable below) implements AutoCloseable {
    @Override
    public void close() throws IOException {
      log.close();
      below.close();
    }
  }

  /** Opens the log of a directory; makes it if there is none. */
  Opened open(Path directory, Runnable wake) throws IOException {
    return switch (this) {
      case FILE -> {
        RealDisk disk = new RealDisk(directory, wake);
        LogSettings settings = LogSettings.of(NAME, GROUP).withSegmentBytes(SEGMENT_BYTES);
        FileSegmentLogs logs = new FileSegmentLogs(disk, settings, new SecureRandom());
        yield new Opened(openOrCreate(logs), disk::close);
      }
      case CHRONICLE -> {
        ChronicleSettings settings = new ChronicleSettings(GROUP, SEGMENT_BYTES, wake);
        yield new Opened(openOrCreate(new ChronicleSegmentLogs(directory, settings)), () -> {});
      }
    };
  }

  private static SegmentLog openOrCreate(SegmentLogs logs) throws IOException {
    try {
      return logs.open(NAME);
    } catch (NoSuchFileException e) {
      return logs.create(NAME, LogPosition.START);
    }
  }
}

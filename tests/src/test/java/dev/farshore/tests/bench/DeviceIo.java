package dev.farshore.tests.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a block device has written since the machine began, by whomever. */
final class DeviceIo {
  private static final int SECTOR_BYTES = 512;
  private static final int SECTORS_WRITTEN = 6;
  private static final int MINOR_BITS = 0xff;

  private final Path counters;

  private DeviceIo(Path counters) {
    this.counters = counters;
  }

  /** The device that a file system lies on. */
  static DeviceIo under(Path directory) throws IOException {
    long device = (Long) Files.getAttribute(directory, "unix:dev");
    long major = (device >>> 8) & 0xfff;
    long minor = (device & MINOR_BITS) | ((device >>> 12) & 0xfff00);
    return new DeviceIo(Path.of("/sys/dev/block/" + major + ":" + minor + "/stat"));
  }

  long writtenBytes() throws IOException {
    String[] fields = Files.readString(counters).trim().split("\\s+");
    return Long.parseLong(fields[SECTORS_WRITTEN]) * SECTOR_BYTES;
  }
}

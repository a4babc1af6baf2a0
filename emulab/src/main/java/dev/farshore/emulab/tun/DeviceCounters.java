package dev.farshore.emulab.tun;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What the kernel counts of a TUN device.
 *
 * @param leftPackets that programs sent through it
 * @param leftDropped of those, dropped because they were not read in time, so that no model ever
 *     saw them
 * @param enteredPackets that were written to it
 * @param enteredDropped of those, not taken
 */
public record DeviceCounters(
    long leftPackets, long leftDropped, long enteredPackets, long enteredDropped) {

  private static final int COLUMNS = 16;

  /**
   * Reads the line of a device in {@code /proc/net/dev}.
   *
   * @return empty if there is none
   */
  static Optional<DeviceCounters> parse(String table, String device) {
    return table
        .lines()
        .map(String::strip)
        .filter(each -> each.startsWith(device + ":"))
        .findFirst()
        .map(line -> counters(line.substring(device.length() + 1).strip()));
  }

  private static DeviceCounters counters(String line) {
    List<Long> columns = Arrays.stream(line.split("\\s+")).map(Long::valueOf).toList();
    if (columns.size() < COLUMNS) {
      throw new IllegalArgumentException("Not the counters of a device: " + line);
    }
    // Received by the kernel is written by us: bytes packets errs drop fifo frame compressed
    // multicast, and then bytes packets errs drop … of what was sent.
    return new DeviceCounters(
        columns.get(9),
        columns.get(10) + columns.get(11),
        columns.get(1),
        columns.get(2) + columns.get(3));
  }

  public long dropped() {
    return leftDropped + enteredDropped;
  }
}

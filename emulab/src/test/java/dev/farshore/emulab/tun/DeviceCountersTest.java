package dev.farshore.emulab.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The kernel's table of devices. */
class DeviceCountersTest {

  private static final String TABLE =
      """
      Inter-|   Receive                                                |  Transmit
       face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
          lo: 11 12 13 14 15 16 17 18 21 22 23 24 25 26 27 28
        wan0:1000 101 2 3 0 0 0 0 2000 202 4 5 0 0 0 0
       wan01: 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9 9
      """;

  @Test
  void whatTheKernelReceivedEnteredAndWhatItSentLeft() {
    DeviceCounters counters = DeviceCounters.parse(TABLE, "wan0").orElseThrow();
    assertEquals(new DeviceCounters(202, 9, 101, 5), counters);
    assertEquals(14, counters.dropped());
  }

  @Test
  void missingDeviceIsNoneAndAStrangeTableIsRefused() {
    assertEquals(Optional.empty(), DeviceCounters.parse(TABLE, "wan"));
    assertThrows(IllegalArgumentException.class, () -> DeviceCounters.parse("wan0: 1 2", "wan0"));
  }
}

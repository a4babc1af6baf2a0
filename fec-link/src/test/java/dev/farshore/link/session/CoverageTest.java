package dev.farshore.link.session;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.farshore.link.packet.ErasureCode;
import dev.farshore.link.packet.Recipe;
import org.junit.jupiter.api.Test;

/** Up to where the repairs have left, level by level. */
class CoverageTest {

  private static final int CAPACITY = 8;

  private final SentPackets packets = new SentPackets(CAPACITY, 0);
  private final Coverage coverage = new Coverage(packets, 2, CAPACITY);

  private void send() {
    long sequence = packets.next();
    packets.add(10, sequence, 0);
    coverage.onSent(sequence);
    packets.onDeparted(0);
  }

  private void repaired(int layer, long first, int members) {
    coverage.onDeparted(
        new Recipe(first, 1, layer, ErasureCode.XOR, Math.max(2, members), 1, members), 0);
  }

  private void expect(long sent, long first, long second) {
    assertEquals(sent, coverage.covered(0));
    assertEquals(first, coverage.covered(1));
    assertEquals(second, coverage.covered(2));
    assertEquals(second, coverage.covered());
  }

  @Test
  void aLevelNeedsAllLayersUpToIt() {
    for (int i = 0; i < 4; i++) {
      send();
    }
    expect(4, 0, 0);
    repaired(1, 0, 4);
    expect(4, 0, 0);
    repaired(0, 2, 2);
    expect(4, 0, 0);
    repaired(0, 0, 2);
    expect(4, 4, 4);
  }

  @Test
  void nothingIsCoveredBeforeItHasLeftItself() {
    packets.add(10, 0, 0);
    coverage.onSent(0);
    repaired(0, 0, 1);
    repaired(1, 0, 1);
    expect(0, 0, 0);
    packets.onDeparted(0);
    coverage.onAcknowledged();
    expect(1, 1, 1);
  }

  @Test
  void whatWasTrueOfAnOlderPacketSaysNothingOfTheNext() {
    for (long n = 0; n < 3L * CAPACITY; n++) {
      send();
      expect(n + 1, n, n);
      repaired(0, n, 1);
      expect(n + 1, n + 1, n);
      repaired(1, n, 1);
      expect(n + 1, n + 1, n + 1);
      packets.acknowledge(n + 1);
      coverage.onAcknowledged();
    }
  }

  @Test
  void aRepairOfAcknowledgedPacketsSaysNothingOfThoseInTheirPlace() {
    for (int i = 0; i < CAPACITY; i++) {
      send();
    }
    packets.acknowledge(4);
    coverage.onAcknowledged();
    for (int i = 0; i < 4; i++) {
      send();
    }
    repaired(0, 0, 4);
    repaired(1, 0, 4);
    expect(12, 4, 4);
    repaired(0, 4, 4);
    expect(12, 8, 4);
  }

  @Test
  void whatTheReceiverHasIsPastNeedingRepairs() {
    send();
    send();
    packets.acknowledge(2);
    coverage.onAcknowledged();
    expect(2, 2, 2);
  }
}

package dev.farshore.link.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/**
 * Maelstrom's code as SMFS uses it, (8, 3, (1, 10, 100)), against the figures of an independent
 * simulation of it: which share of losses the code leaves, and after how many further data packets
 * a lost one is restored. Groups are closed only when full; repairs are lost like data.
 */
class LayeredInterleavingTableTest {

  /** Packets of one byte; keeps no history but what the decoder may ask for. */
  private static final class Run implements MemberStore {
    private static final int HISTORY = 1 << 13;

    private final List<LayerEncoder> encoders = new ArrayList<>();
    private final PeelingDecoder decoder = new PeelingDecoder(this, 1, HISTORY, 4096);
    private final Symbol.Checker checker = new Symbol.Checker();
    private final boolean[] here = new boolean[HISTORY];
    private final byte[] symbol = new byte[Symbol.HEADER_BYTES + 1];
    private final List<Integer> delays = new ArrayList<>();
    private long next;
    private long lost;
    private long unrecovered;

    Run() {
      for (Layer layer : PeelingDecoderTest.layered(8, 1, 10, 100)) {
        encoders.add(new LayerEncoder(layer, 1));
      }
    }

    void send(BooleanSupplier isLost) {
      long sequence = next++;
      int slot = (int) (sequence % HISTORY);
      if (sequence >= HISTORY && !here[slot]) {
        // Out of reach for good. The decoder is told, so that it can give up what waits for it.
        here[slot] = true;
        decoder.onArrival(sequence - HISTORY);
        unrecovered++;
      }
      here[slot] = !isLost.getAsBoolean();
      if (here[slot]) {
        decoder.onArrival(sequence);
      } else {
        lost++;
      }
      putSymbol(sequence);
      for (LayerEncoder encoder : encoders) {
        CodingGroup group =
            encoder.add(
                sequence, 0, Symbol.check(symbol), symbol, Symbol.HEADER_BYTES, 1, sequence);
        if (group.isFull()) {
          if (!isLost.getAsBoolean()) {
            decoder.onRepair(
                group.recipe(), 0, ByteBuffer.wrap(group.repair(0), 0, group.symbolBytes()));
          }
          encoder.release(group);
        }
      }
    }

    /** Sends without loss until every earlier loss is restored or past help. */
    void drain() {
      for (int i = 0; i < HISTORY; i++) {
        send(() -> false);
      }
    }

    private void putSymbol(long sequence) {
      symbol[Symbol.HEADER_BYTES] = (byte) (sequence * 31);
      Symbol.putHeader(symbol, 1, 0, checker.check(sequence, symbol, Symbol.HEADER_BYTES, 1));
    }

    @Override
    public Presence presence(long sequence) {
      if (sequence < next - HISTORY) {
        return Presence.OUT_OF_REACH;
      }
      return sequence < next && here[(int) (sequence % HISTORY)] ? Presence.HERE : Presence.MISSING;
    }

    @Override
    public int symbolBytes(long sequence) {
      return symbol.length;
    }

    @Override
    public void xorSymbol(long sequence, byte[] target) {
      byte payload = (byte) (sequence * 31);
      byte[] bytes = {payload};
      Symbol.xorHeader(target, 1, 0, checker.check(sequence, bytes, 0, 1));
      target[Symbol.HEADER_BYTES] ^= payload;
    }

    @Override
    public void copySymbol(long sequence, byte[] target) {
      throw new UnsupportedOperationException("exclusive or only");
    }

    @Override
    public boolean restore(long sequence, byte[] bytes, int length) {
      assertEquals((byte) (sequence * 31), bytes[Symbol.HEADER_BYTES]);
      here[(int) (sequence % HISTORY)] = true;
      delays.add((int) (next - 1 - sequence));
      return true;
    }

    double meanDelay() {
      return delays.stream().mapToInt(Integer::intValue).average().orElse(0);
    }

    int delay99() {
      List<Integer> sorted = delays.stream().sorted().toList();
      return sorted.isEmpty() ? 0 : sorted.get(sorted.size() * 99 / 100);
    }
  }

  /** One row: loss, what a million packets left unrecovered, and the delays. */
  private record Row(double loss, int leastLeft, int mostLeft, int meanDelay, int delay99) {}

  @Test
  void independentLossesLeaveWhatThePaperDerivedTableSays() {
    List<Row> table =
        List.of(
            new Row(0.001, 0, 0, 3, 7),
            new Row(0.005, 0, 0, 4, 50),
            new Row(0.01, 0, 0, 5, 60),
            new Row(0.02, 0, 5, 7, 68),
            new Row(0.05, 4, 40, 15, 72),
            new Row(0.10, 80, 260, 46, 650));
    for (Row row : table) {
      long seed = 42;
      SplittableRandom random = new SplittableRandom(seed);
      Run run = new Run();
      for (int i = 0; i < 1_000_000; i++) {
        run.send(() -> random.nextDouble() < row.loss());
      }
      run.drain();
      String what =
          "%s, seed %d: lost %d, left %d, mean delay %.1f, 99 %% %d"
              .formatted(row, seed, run.lost, run.unrecovered, run.meanDelay(), run.delay99());
      assertEquals(run.lost, run.delays.size() + run.unrecovered, what);
      assertEquals(row.loss() * 1_000_000, run.lost, 0.05 * row.loss() * 1_000_000, what);
      assertTrue(run.unrecovered >= row.leastLeft() && run.unrecovered <= row.mostLeft(), what);
      assertEquals(row.meanDelay(), run.meanDelay(), 1 + 0.15 * row.meanDelay(), what);
      assertEquals(row.delay99(), run.delay99(), 4 + 0.10 * row.delay99(), what);
    }
  }

  @Test
  void aBurstOfDataPacketsUpToTheWidestInterleaveIsRestored() {
    for (int burst : new int[] {1, 2, 11, 20, 50, 100, 101}) {
      assertEquals(0, unrecoveredShare(burst, false), "burst of " + burst);
    }
    assertEquals(0.22, unrecoveredShare(120, false), 0.03);
    assertEquals(0.56, unrecoveredShare(150, false), 0.03);
    assertEquals(0.85, unrecoveredShare(200, false), 0.03);
  }

  /**
   * Why a session holds back the repairs of its widest layer: the published code sends a repair
   * right behind the last member of its group, where one burst takes both.
   */
  @Test
  void aBurstThatTakesRepairsTooIsNotSurvivedByInterleavingAlone() {
    assertEquals(0, unrecoveredShare(1, true));
    for (int burst : new int[] {2, 11, 50, 100}) {
      double share = unrecoveredShare(burst, true);
      assertTrue(share > 0.01 && share < 0.2, "burst of " + burst + ": " + share);
    }
  }

  private static double unrecoveredShare(int burst, boolean takesRepairs) {
    SplittableRandom random = new SplittableRandom(burst);
    long left = 0;
    int runs = 300;
    for (int i = 0; i < runs; i++) {
      Run run = new Run();
      int start = 1000 + random.nextInt(800);
      while (run.next < start + burst + 2000) {
        boolean inBurst = run.next >= start && run.next < start + burst;
        boolean[] dataPacket = {true};
        run.send(
            () -> {
              boolean lost = inBurst && (dataPacket[0] || takesRepairs);
              dataPacket[0] = false;
              return lost;
            });
      }
      left += burst - run.delays.size();
    }
    return (double) left / ((long) runs * burst);
  }
}

package dev.farshore.link.code;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.code.CodedStream.Sent;
import dev.farshore.link.code.CodedStream.SentData;
import dev.farshore.link.code.CodedStream.SentRepair;
import dev.farshore.link.packet.ErasureCode;
import dev.farshore.link.packet.Recipe;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class PeelingDecoderTest {

  private static final int MANY = 1 << 20;

  static List<Layer> layered(int data, int... strides) {
    List<Layer> layers = new ArrayList<>();
    for (int i = 0; i < strides.length; i++) {
      layers.add(new Layer(i, ErasureCode.XOR, data, 1, strides[i], 0));
    }
    return layers;
  }

  static List<Layer> reedSolomon(int data, int repairs, int stride) {
    return List.of(new Layer(0, ErasureCode.REED_SOLOMON, data, repairs, stride, 0));
  }

  private static int mixedLength(int i) {
    return 1 + Math.floorMod(i * 7919, 97);
  }

  /** Receives what is not lost, in that order, and compares with the oracle. */
  private static void assertRestoresWhatCanBe(
      CodedStream stream, BitSet lost, List<Integer> order, String what) {
    for (int i : order) {
      if (!lost.get(i)) {
        stream.receive(stream.sent.get(i));
      }
    }
    BitSet expected = PeelingOracle.lost(stream.sent, lost);
    BitSet missing = new BitSet();
    for (Sent datagram : stream.sent) {
      if (datagram instanceof SentData data && !stream.store.packets.containsKey(data.sequence())) {
        missing.set((int) data.sequence());
      }
    }
    assertEquals(expected, missing, what);
    stream.assertNothingWrong();
    assertEquals(0, stream.store.refusedRestores, what);
  }

  private static List<Integer> inOrder(int size) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < size; i++) {
      order.add(i);
    }
    return order;
  }

  @Test
  void reedSolomonRepairsAnyRepairCountLossesAndNoMore() {
    for (int[] shape : new int[][] {{1, 1}, {1, 3}, {2, 2}, {5, 2}, {8, 3}, {4, 4}}) {
      for (int members = 1; members <= shape[0]; members++) {
        int total = members + shape[1];
        for (int pattern = 0; pattern < 1 << total; pattern++) {
          CodedStream stream =
              new CodedStream(
                  reedSolomon(shape[0], shape[1], 1), 100, PeelingDecoderTest::mixedLength, MANY);
          stream.send(members);
          stream.closeAll();
          assertEquals(total, stream.sent.size());
          BitSet lost = BitSet.valueOf(new long[] {pattern});
          String what =
              "(%d,%d) with %d members, lost %s".formatted(shape[0], shape[1], members, lost);
          int lostData = lost.get(0, members).cardinality();
          assertRestoresWhatCanBe(stream, lost, inOrder(total), what);
          boolean within = lost.cardinality() <= shape[1];
          assertEquals(
              within || lostData == 0 ? members : members - lostData,
              stream.store.packets.size(),
              what);
        }
      }
    }
  }

  @Test
  void theLargestReedSolomonGroupRepairsAnyLosses() {
    SplittableRandom random = new SplittableRandom(5);
    for (int[] shape : new int[][] {{255, 1}, {200, 56}, {1, 255}, {32, 8}}) {
      for (int round = 0; round < 5; round++) {
        CodedStream stream =
            new CodedStream(
                reedSolomon(shape[0], shape[1], 1), 100, PeelingDecoderTest::mixedLength, MANY);
        stream.send(shape[0]);
        BitSet lost = new BitSet();
        while (lost.cardinality() < shape[1]) {
          lost.set(random.nextInt(shape[0] + shape[1]));
        }
        List<Integer> order = inOrder(stream.sent.size());
        Collections.shuffle(order, new Random(round));
        assertRestoresWhatCanBe(stream, lost, order, "(%d,%d)".formatted(shape[0], shape[1]));
        assertEquals(shape[0], stream.store.packets.size());
      }
    }
  }

  @Test
  void everyLossPatternOfASmallLayeredStreamIsRestoredAsFarAsPossible() {
    // 6 packets, layers of stride 1 and 3 with 2 members each: 6 + 3 + 3 datagrams.
    for (int pattern = 0; pattern < 1 << 12; pattern++) {
      CodedStream stream =
          new CodedStream(layered(2, 1, 3), 100, PeelingDecoderTest::mixedLength, MANY);
      stream.send(6);
      stream.closeAll();
      assertEquals(12, stream.sent.size());
      BitSet lost = BitSet.valueOf(new long[] {pattern});
      assertRestoresWhatCanBe(stream, lost, inOrder(12), "lost " + lost);
    }
  }

  @Test
  void restoresWhatTheOracleSaysAtAnyLossInAnyOrder() {
    for (long seed = 1; seed <= 60; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      List<Layer> layers =
          switch ((int) (seed % 4)) {
            case 0 -> layered(8, 1, 10, 100);
            case 1 -> layered(3, 1, 7);
            case 2 -> reedSolomon(8, 3, 1 + random.nextInt(20));
            default -> {
              List<Layer> mixed = new ArrayList<>(layered(4, 1, 9));
              mixed.add(new Layer(2, ErasureCode.REED_SOLOMON, 5, 2, 30, 0));
              yield mixed;
            }
          };
      CodedStream stream = new CodedStream(layers, 100, PeelingDecoderTest::mixedLength, MANY);
      for (int i = 0; i < 20; i++) {
        stream.send(random.nextInt(1, 60));
        if (random.nextInt(4) == 0) {
          stream.closeAll();
        }
      }
      double loss = random.nextDouble() * 0.5;
      BitSet lost = new BitSet();
      for (int i = 0; i < stream.sent.size(); i++) {
        lost.set(i, random.nextDouble() < loss);
      }
      List<Integer> order = inOrder(stream.sent.size());
      if (seed % 3 == 0) {
        Collections.shuffle(order, new Random(seed));
      }
      assertRestoresWhatCanBe(stream, lost, order, "seed " + seed);
    }
  }

  @Test
  void givesUpTheOldestGroupWhenMemoryIsFullAndStaysRight() {
    SplittableRandom random = new SplittableRandom(9);
    CodedStream stream =
        new CodedStream(layered(8, 1, 10, 100), 100, PeelingDecoderTest::mixedLength, 16);
    stream.send(3000);
    List<Integer> lost = new ArrayList<>();
    for (int i = 0; i < stream.sent.size(); i++) {
      if (random.nextDouble() < 0.3) {
        lost.add(i);
      } else {
        stream.receive(stream.sent.get(i));
        assertTrue(stream.decoder.repairsHeld() <= 16);
      }
    }
    assertTrue(stream.decoder.givenUp() > 0);
    stream.assertNothingWrong();
    for (int i : lost) {
      if (stream.sent.get(i) instanceof SentData) {
        stream.receive(stream.sent.get(i));
      }
    }
    assertEquals(3000, stream.store.packets.size());
    assertEquals(0, stream.decoder.repairsHeld());
    stream.assertNothingWrong();
  }

  @Test
  void aRepairThatLiesRestoresNothingWrong() {
    SplittableRandom random = new SplittableRandom(21);
    for (int round = 0; round < 2000; round++) {
      List<Layer> layers = round % 2 == 0 ? layered(4, 1) : reedSolomon(4, 2, 1);
      CodedStream stream = new CodedStream(layers, 100, PeelingDecoderTest::mixedLength, MANY);
      stream.send(4);
      int lost = random.nextInt(4);
      for (Sent datagram : stream.sent) {
        switch (datagram) {
          case SentData data when data.sequence() == lost -> {}
          case SentData data -> stream.receive(data);
          case SentRepair repair -> {
            byte[] symbol = repair.symbol().clone();
            symbol[random.nextInt(symbol.length)] ^= (byte) (1 + random.nextInt(255));
            stream.receive(new SentRepair(repair.recipe(), repair.index(), symbol));
          }
        }
      }
      assertEquals(3, stream.store.packets.size(), "round " + round);
      assertEquals(0, stream.decoder.repairsHeld());
      stream.receive(new SentData(lost));
      stream.assertNothingWrong();
    }
  }

  @Test
  void recipesThatLieRestoreNothingWrong() {
    SplittableRandom random = new SplittableRandom(22);
    CodedStream stream =
        new CodedStream(layered(8, 1, 10), 100, PeelingDecoderTest::mixedLength, 64);
    stream.send(400);
    for (int i = 0; i < stream.sent.size(); i++) {
      Sent datagram = stream.sent.get(i);
      if (random.nextInt(10) == 0) {
        continue;
      }
      stream.receive(datagram);
      if (datagram instanceof SentRepair repair) {
        Recipe lie =
            new Recipe(
                random.nextInt(400),
                1 + random.nextInt(12),
                random.nextInt(3),
                random.nextBoolean() ? ErasureCode.XOR : ErasureCode.REED_SOLOMON,
                9,
                1,
                1 + random.nextInt(9));
        stream.receive(new SentRepair(lie, 0, repair.symbol()));
      }
    }
    stream.assertNothingWrong();
  }

  @Test
  void anotherRepairOfASolvedGroupIsNotNeeded() {
    CodedStream stream =
        new CodedStream(reedSolomon(3, 2, 1), 100, PeelingDecoderTest::mixedLength, MANY);
    stream.send(3);
    stream.receive(stream.sent.get(0));
    stream.receive(stream.sent.get(1));
    SentRepair first = (SentRepair) stream.sent.get(3);
    SentRepair second = (SentRepair) stream.sent.get(4);
    assertEquals(PeelingDecoder.Outcome.SOLVED, take(stream, first));
    assertEquals(PeelingDecoder.Outcome.NOT_NEEDED, take(stream, second));
    assertEquals(PeelingDecoder.Outcome.NOT_NEEDED, take(stream, first));
    assertEquals(1, stream.decoder.restored());
  }

  @Test
  void theSameRepairTwiceCountsOnce() {
    CodedStream stream =
        new CodedStream(reedSolomon(3, 2, 1), 100, PeelingDecoderTest::mixedLength, MANY);
    stream.send(3);
    stream.receive(stream.sent.get(0));
    SentRepair first = (SentRepair) stream.sent.get(3);
    assertEquals(PeelingDecoder.Outcome.KEPT, take(stream, first));
    assertEquals(PeelingDecoder.Outcome.NOT_NEEDED, take(stream, first));
    assertEquals(1, stream.decoder.repairsHeld());
    assertEquals(PeelingDecoder.Outcome.SOLVED, take(stream, (SentRepair) stream.sent.get(4)));
    assertEquals(3, stream.store.packets.size());
    assertEquals(0, stream.decoder.repairsHeld());
  }

  @Test
  void aRepairThatIsShorterThanAMemberIsUseless() {
    CodedStream stream = new CodedStream(layered(2, 1), 100, i -> 50, MANY);
    stream.send(2);
    stream.receive(stream.sent.get(0));
    SentRepair repair = (SentRepair) stream.sent.get(2);
    SentRepair cut = new SentRepair(repair.recipe(), 0, new byte[20]);
    assertEquals(PeelingDecoder.Outcome.USELESS, take(stream, cut));
    assertEquals(PeelingDecoder.Outcome.SOLVED, take(stream, repair));
  }

  private static PeelingDecoder.Outcome take(CodedStream stream, SentRepair repair) {
    return stream.decoder.onRepair(
        repair.recipe(), repair.index(), ByteBuffer.wrap(repair.symbol()));
  }
}

package dev.farshore.log.image;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AllocationMapTest {

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3})
  void isWhatABitSetIs(long seed) {
    Random random = new Random(seed);
    int blocks = 5 * (1 << 15) + 77;
    AllocationMap map = new AllocationMap();
    map.resize(blocks);
    BitSet expected = new BitSet(blocks);
    for (int i = 0; i < 3000; i++) {
      int first = random.nextInt(blocks);
      int longest = random.nextInt(4) == 0 ? blocks : 200;
      int end = Math.min(blocks, first + 1 + random.nextInt(longest));
      boolean data = random.nextBoolean();
      map.set(first, end, data);
      expected.set(first, end, data);
      int at = random.nextInt(blocks);
      int limit = at + 1 + random.nextInt(blocks - at);
      assertEquals(expected.get(at), map.isData(at));
      int runEnd = expected.get(at) ? expected.nextClearBit(at) : expected.nextSetBit(at);
      assertEquals(runEnd < 0 ? limit : Math.min(limit, runEnd), map.runEnd(at, limit));
    }
  }
}

package dev.farshore.agent.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LogMemoryTest {
  private static final long GIB = 1L << 30;

  @Test
  void oneGroupTakesWhatItsFoldNeeds() {
    assertEquals(208 << 20, LogMemory.shared(GIB, 1).forLog(64 << 20));
  }

  @Test
  void manyGroupsTakeNoMoreThanAllMayTogether() {
    for (int groups : new int[] {1, 4, 8, 64, 1000}) {
      long all = (long) groups * LogMemory.shared(GIB, groups).forLog(64 << 20);
      assertTrue(all <= GIB, groups + " groups take " + all + " bytes");
    }
  }

  @Test
  void aHugeFoldBatchDoesNotGoBeyondWhatOneBufferPoolHolds() {
    assertEquals(1 << 30, LogMemory.shared(100 * GIB, 1).forLog(8 * GIB));
  }
}

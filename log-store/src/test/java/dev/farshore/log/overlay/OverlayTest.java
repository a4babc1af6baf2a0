package dev.farshore.log.overlay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverlayTest {

  /** What each byte of a volume is, the slow way. */
  private static final class Bytes {
    final long[] lsn;
    final long[] place;

    Bytes(int size) {
      lsn = new long[size];
      place = new long[size];
    }

    void put(int start, int end, long byLsn, int at) {
      for (int i = start; i < end; i++) {
        lsn[i] = byLsn;
        place[i] = at < 0 ? at : at + (i - start);
      }
    }

    void forget(int start, int end, long upTo) {
      for (int i = start; i < end; i++) {
        if (lsn[i] <= upTo) {
          lsn[i] = 0;
          place[i] = 0;
        }
      }
    }

    Bytes copy() {
      Bytes copy = new Bytes(lsn.length);
      System.arraycopy(lsn, 0, copy.lsn, 0, lsn.length);
      System.arraycopy(place, 0, copy.place, 0, place.length);
      return copy;
    }
  }

  /** Checks a walk byte by byte. */
  private static final class Check implements Pieces {
    private final Bytes expected;
    private final long folded;
    private long at;
    private boolean lastWasBase;

    Check(Bytes expected, long start, long folded) {
      this.expected = expected;
      this.at = start;
      this.folded = folded;
    }

    @Override
    public boolean base(long start, long end) {
      assertEquals(at, start);
      assertTrue(end > start, "an empty range");
      assertTrue(!lastWasBase, "two base ranges in a row at " + start);
      for (; at < end; at++) {
        assertTrue(expected.lsn[(int) at] <= folded, "byte " + at + " is not in the base");
      }
      lastWasBase = true;
      return true;
    }

    @Override
    public boolean piece(long start, long end, long lsn, int place) {
      assertEquals(at, start);
      assertTrue(end > start, "an empty range");
      assertTrue(lsn > folded);
      for (; at < end; at++) {
        assertEquals(expected.lsn[(int) at], lsn, "lsn of byte " + at);
        assertEquals(expected.place[(int) at], place < 0 ? place : place + (at - start));
      }
      lastWasBase = false;
      return true;
    }
  }

  private static void check(OverlaySnapshot overlay, Bytes bytes, int start, int end, long folded) {
    Check check = new Check(bytes, start, folded);
    overlay.visit(start, end, folded, check);
    assertEquals(end, check.at);
  }

  @ParameterizedTest(name = "seed {0}")
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void isWhatANaiveModelIs(long seed) {
    Random random = new Random(seed);
    int size = 1 << (10 + random.nextInt(6));
    int longest = seed % 2 == 0 ? size / 3 : 40;
    Overlay overlay = new Overlay();
    Bytes bytes = new Bytes(size);
    List<OverlaySnapshot> snapshots = new ArrayList<>();
    List<Bytes> frozen = new ArrayList<>();
    for (int lsn = 1; lsn <= 6000; lsn++) {
      int start = random.nextInt(size);
      int end = start + 1 + random.nextInt(Math.min(longest, size - start));
      if (random.nextInt(8) == 0) {
        long upTo = random.nextInt(lsn);
        overlay.forget(start, end, upTo);
        bytes.forget(start, end, upTo);
      } else {
        int kind = random.nextInt(10);
        int place = kind == 0 ? Overlay.ZERO : kind == 1 ? Overlay.HOLE : random.nextInt(1000);
        overlay.put(start, end, lsn, place);
        bytes.put(start, end, lsn, place);
      }
      int from = random.nextInt(size);
      int to = from + random.nextInt(size - from + 1);
      long folded = random.nextInt(3) == 0 ? random.nextInt(lsn) : 0;
      Check check = new Check(bytes, from, folded);
      overlay.visit(from, to, folded, check);
      assertEquals(to, check.at);
      if (lsn % 500 == 0) {
        snapshots.add(overlay.snapshot());
        frozen.add(bytes.copy());
        check(overlay.snapshot(), bytes, 0, size, 0);
      }
    }
    for (int i = 0; i < snapshots.size(); i++) {
      check(snapshots.get(i), frozen.get(i), 0, size, 0);
    }
    assertEquals(countPieces(overlay, size), overlay.pieces());
    overlay.forget(0, size, Long.MAX_VALUE);
    assertEquals(0, overlay.pieces());
  }

  private static long countPieces(Overlay overlay, long size) {
    long[] count = new long[1];
    overlay.visit(
        0,
        size,
        0,
        new Pieces() {
          @Override
          public boolean base(long start, long end) {
            return true;
          }

          @Override
          public boolean piece(long start, long end, long lsn, int place) {
            count[0]++;
            return true;
          }
        });
    return count[0];
  }

  @Test
  void stopsAWalkWhenTheVisitorHasEnough() {
    Overlay overlay = new Overlay();
    overlay.put(0, 10, 1, 0);
    overlay.put(10, 20, 2, 0);
    long[] seen = new long[1];
    overlay.visit(
        0,
        100,
        0,
        new Pieces() {
          @Override
          public boolean base(long start, long end) {
            throw new AssertionError("walked on");
          }

          @Override
          public boolean piece(long start, long end, long lsn, int place) {
            seen[0]++;
            return lsn < 2;
          }
        });
    assertEquals(2, seen[0]);
  }

  @Test
  void holdsAMillionScatteredPieces() {
    int blocks = 1 << 20;
    Overlay overlay = new Overlay();
    int[] order = new int[blocks];
    Arrays.setAll(order, i -> i);
    Random random = new Random(7);
    for (int i = blocks - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swap = order[i];
      order[i] = order[j];
      order[j] = swap;
    }
    for (int i = 0; i < blocks; i++) {
      overlay.put(order[i] * 4096L, order[i] * 4096L + 4096, i + 1, 0);
    }
    assertEquals(blocks, overlay.pieces());
    overlay.put(0, blocks * 4096L, blocks + 1, Overlay.HOLE);
    assertEquals(1, overlay.pieces());
  }

  @Test
  void refusesWhatIsNoPiece() {
    Overlay overlay = new Overlay();
    assertThrows(IllegalArgumentException.class, () -> overlay.put(5, 5, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> overlay.put(-1, 5, 1, 0));
    assertThrows(IllegalArgumentException.class, () -> overlay.put(0, 5, 0, 0));
    assertThrows(IllegalArgumentException.class, () -> overlay.put(0, 5, 1, -3));
  }
}

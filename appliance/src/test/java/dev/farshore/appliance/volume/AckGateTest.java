package dev.farshore.appliance.volume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.appliance.export.Export.Failure;
import dev.farshore.appliance.export.Export.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AckGateTest {

  private final List<String> released = new ArrayList<>();
  private final AckGate local = new AckGate(Watermarks::appended);
  private final AckGate network = new AckGate(Watermarks::covered);
  private final AckGate remote = new AckGate(Watermarks::mirrored);

  private Reply reply(String name) {
    return new Reply() {
      @Override
      public void dataTaken() {
        released.add(name + " taken");
      }

      @Override
      public void done() {
        released.add(name);
      }

      @Override
      public void failed(Failure failure, String reason) {
        released.add(name + " " + failure + " " + reason);
      }
    };
  }

  /** What was released or failed, without what was said about data. */
  private List<String> released() {
    return released.stream().filter(each -> !each.endsWith(" taken")).toList();
  }

  private static Watermarks marks(long appended, long forced, long covered, long mirrored) {
    return new Watermarks(appended, forced, covered, covered, mirrored, mirrored);
  }

  @Test
  void releasesNothingBeforeItsWatermark() {
    network.await(5, false, reply("5"));
    network.advance(marks(5, 5, 4, 9));
    assertEquals(List.of(), released());
    network.advance(marks(5, 0, 5, 0));
    assertEquals(List.of("5"), released());
  }

  @Test
  void neverReleasesWhatIsNotAppendedWhateverThePolicySays() {
    remote.await(5, false, reply("5"));
    remote.advance(marks(4, 4, 4, 9));
    assertEquals(List.of(), released());
  }

  @Test
  void flushesWaitForTheForceAndForTheMode() {
    network.await(5, true, reply("flush"));
    network.advance(marks(9, 4, 9, 9));
    network.advance(marks(9, 9, 4, 9));
    assertEquals(List.of(), released());
    network.advance(marks(9, 5, 5, 0));
    assertEquals(List.of("flush"), released());
  }

  @Test
  void plainRepliesPassAFlushThatWaits() {
    local.await(1, true, reply("flush 1"));
    local.await(2, false, reply("2"));
    local.advance(marks(2, 0, 0, 0));
    assertEquals(List.of("2"), released());
    assertEquals(1, local.oldestWaitingLsn());
    assertEquals(1, local.waiting());
  }

  @Test
  void releasesInTheOrderOfTheLsns() {
    local.await(1, false, reply("1"));
    local.await(1, true, reply("flush 1"));
    local.await(2, false, reply("2"));
    local.await(3, true, reply("flush 3"));
    local.await(3, false, reply("3"));
    local.advance(marks(3, 3, 0, 0));
    assertEquals(List.of("1", "flush 1", "2", "3", "flush 3"), released);
    assertEquals(Long.MAX_VALUE, local.oldestWaitingLsn());
  }

  @Test
  void tellsThatTheDataIsTakenOnceItIsAppendedIfTheReplyWaitsLonger() {
    network.await(1, false, reply("1"));
    network.await(2, true, reply("2"));
    network.await(3, false, reply("3"));
    network.await(4, false, reply("4"));
    network.advance(marks(3, 3, 1, 0));
    assertEquals(List.of("1", "2 taken", "3 taken"), released);
    network.advance(marks(4, 4, 4, 0));
    network.advance(marks(4, 4, 4, 0));
    assertEquals(List.of("1", "2 taken", "3 taken", "2", "3", "4"), released);
  }

  @Test
  void tellsNothingAboutDataOfWhatHasFailed() {
    network.await(1, false, reply("1"));
    network.failAll(Failure.IO, "poisoned");
    network.await(1, false, reply("next"));
    network.advance(marks(1, 1, 0, 0));
    assertEquals(List.of("1 IO poisoned", "next taken"), released);
  }

  @Test
  void remembersNoWatermark() {
    local.advance(marks(100, 100, 100, 100));
    local.await(60, false, reply("60 after a cut"));
    assertEquals(List.of(), released());
    local.advance(marks(59, 59, 0, 0));
    assertEquals(List.of(), released());
  }

  @Test
  void failsEverythingOnceInOrder() {
    network.await(1, true, reply("1"));
    network.await(2, false, reply("2"));
    network.failAll(Failure.SHUTTING_DOWN, "fenced");
    assertEquals(List.of("1 SHUTTING_DOWN fenced", "2 SHUTTING_DOWN fenced"), released);
    network.advance(marks(9, 9, 9, 9));
    assertEquals(2, released.size());
    assertEquals(0, network.waiting());
  }

  @Test
  void refusesAnLsnThatGoesBackwards() {
    local.await(2, false, reply("2"));
    local.await(1, true, reply("flush 1"));
    assertThrows(IllegalArgumentException.class, () -> local.await(1, false, reply("1")));
  }

  @Test
  void aReplyMayAskForMore() {
    local.await(
        1,
        false,
        new Reply() {
          @Override
          public void done() {
            local.await(1, true, reply("flush"));
          }

          @Override
          public void failed(Failure failure, String reason) {
            throw new AssertionError(reason);
          }
        });
    local.advance(marks(1, 1, 0, 0));
    assertEquals(List.of("flush"), released());
  }

  @Test
  void holdsEveryReplyUntilItMayGoAndNotLonger() {
    for (long seed = 1; seed <= 300; seed++) {
      Random random = new Random(seed);
      AckGate gate = new AckGate(now -> Math.max(now.covered(), now.mirrored()));
      TreeOracle oracle = new TreeOracle(seed);
      long lsn = 0;
      long[] marks = new long[4];
      for (int step = 0; step < 300; step++) {
        if (random.nextBoolean()) {
          lsn += random.nextInt(3);
          boolean forced = random.nextInt(4) == 0;
          gate.await(lsn, forced, oracle.expect(lsn, forced));
        } else {
          int which = random.nextInt(marks.length);
          marks[which] = Math.min(lsn, marks[which] + random.nextInt(5));
          oracle.now = marks(marks[0], marks[1], marks[2], marks[3]);
          gate.advance(oracle.now);
          oracle.nothingOverdue();
        }
        assertEquals(oracle.waiting.size(), gate.waiting(), "seed " + seed);
      }
    }
  }

  /** Says of each reply whether it may go. */
  private static final class TreeOracle {
    private record Asked(long lsn, boolean forced) {}

    private final long seed;
    private final List<Asked> waiting = new ArrayList<>();
    private Watermarks now = Watermarks.NONE;

    private TreeOracle(long seed) {
      this.seed = seed;
    }

    private boolean mayGo(Asked asked) {
      boolean mode = asked.lsn <= Math.max(now.covered(), now.mirrored());
      return mode && asked.lsn <= now.appended() && (!asked.forced || asked.lsn <= now.forced());
    }

    private Reply expect(long lsn, boolean forced) {
      Asked asked = new Asked(lsn, forced);
      waiting.add(asked);
      return new Reply() {
        @Override
        public void done() {
          assertTrue(mayGo(asked), "seed " + seed);
          assertTrue(waiting.remove(asked), "seed " + seed);
        }

        @Override
        public void failed(Failure failure, String reason) {
          throw new AssertionError(reason);
        }
      };
    }

    private void nothingOverdue() {
      for (Asked asked : waiting) {
        assertTrue(!mayGo(asked), "seed " + seed + ": " + asked);
      }
    }
  }
}

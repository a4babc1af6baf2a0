package dev.farshore.link.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.packet.SequenceRange;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which packets the receiver asks for, and when. */
class NakPlannerTest {

  private static final long US = 1_000;
  private static final long MS = 1_000_000;
  private static final long START = -7_000 * MS;
  private static final int ANY = 100;

  private final LinkSettings settings =
      new LinkSettings(
          new CodeSettings.Layered(8, List.of(1, 10, 100)),
          0,
          MS / 2,
          1_000_000_000,
          1000,
          1 << 22);
  private final ReceiveWindow window = new ReceiveWindow(settings, CodePlan.of(settings));
  private final NakPlanner naks = new NakPlanner(window);

  /** Packet n has one byte, at offset n. */
  private void arrive(long sequence) {
    assertEquals(
        ReceiveWindow.Outcome.TAKEN, window.accept(sequence, sequence, ByteBuffer.allocate(1)));
    window.advance();
  }

  private List<SequenceRange> plan(long nanos) {
    return naks.plan(ANY, START + nanos);
  }

  private static List<SequenceRange> only(long sequence) {
    return List.of(new SequenceRange(sequence, sequence + 1));
  }

  /** Packets 0 to 9 were sent at the start, and 3 is missing. */
  private void threeOfTenIsMissing() {
    naks.onKnown(10, START);
    for (long n = 0; n < 10; n++) {
      if (n != 3) {
        arrive(n);
      }
    }
  }

  @Test
  void asksWhenTheCodeCannotHelpAndRepairsHadTheirTimeToArrive() {
    threeOfTenIsMissing();
    assertEquals(List.of(), plan(MS));
    naks.onCovered(10, START + 5 * MS);
    assertEquals(START + 7 * MS, naks.dueNanos());
    assertEquals(List.of(), plan(7 * MS - 1));
    assertEquals(only(3), plan(7 * MS));
    assertEquals(List.of(), plan(7 * MS + 1), "asked already");
  }

  @Test
  void doesNotAskForWhatTheRepairsThatHaveLeftDoNotCover() {
    threeOfTenIsMissing();
    naks.onCovered(3, START);
    assertEquals(List.of(), plan(100 * MS));
    naks.onCovered(4, START + 100 * MS);
    assertEquals(only(3), plan(102 * MS));
  }

  @Test
  void asksForWhatIsMissingForLongWhateverIsCovered() {
    threeOfTenIsMissing();
    assertEquals(START + 250 * MS, naks.dueNanos());
    assertEquals(List.of(), plan(250 * MS - 1));
    assertEquals(only(3), plan(250 * MS));
  }

  @Test
  void asksForNothingThatCame() {
    threeOfTenIsMissing();
    naks.onCovered(10, START);
    assertFalse(naks.onArrival(3, START + MS));
    arrive(3);
    assertEquals(List.of(), plan(1000 * MS));
    assertEquals(Deadline.NONE, naks.dueNanos());
  }

  @Test
  void newsThatComeAllTheTimeDoNotPutOffOlderOnes() {
    naks.onKnown(1, START);
    long asked = -1;
    for (long step = 1; step < 500 && asked < 0; step++) {
      long now = step * 100 * US;
      naks.onKnown(step + 1, START + now);
      arrive(step);
      naks.onCovered(step + 1, START + now);
      asked = plan(now).isEmpty() ? -1 : now;
    }
    assertTrue(asked >= 2 * MS && asked <= 4 * MS + 300 * US, "asked at " + asked);
  }

  @Test
  void asksAgainAfterHalfMoreThanAnAnswerTakes() {
    threeOfTenIsMissing();
    naks.onCovered(10, START);
    assertEquals(only(3), plan(2 * MS));
    // 200 ms are expected of the first answer; 2 more for what comes out of order.
    assertEquals(START + 304 * MS, naks.dueNanos());
    assertEquals(List.of(), plan(304 * MS - 1));
    assertEquals(only(3), plan(304 * MS));
    assertTrue(naks.onArrival(3, START + 310 * MS), "it was asked for");
    arrive(3);
    naks.onKnown(12, START + 400 * MS);
    arrive(11);
    naks.onCovered(12, START + 400 * MS);
    plan(400 * MS);
    assertEquals(only(10), plan(402 * MS));
    assertEquals(START + 704 * MS, naks.dueNanos(), "asked twice: nobody knows which was answered");
    naks.onArrival(10, START + 422 * MS);
    arrive(10);
    naks.onKnown(14, START + 500 * MS);
    arrive(13);
    naks.onCovered(14, START + 500 * MS);
    plan(500 * MS);
    assertEquals(only(12), plan(502 * MS));
    // 200 ms less a quarter of what 20 ms are less.
    assertEquals(START + 502 * MS + 155 * MS * 3 / 2 + 2 * MS, naks.dueNanos());
  }

  @Test
  void asksLessAndLessOftenWhileNothingIsHeard() {
    threeOfTenIsMissing();
    List<Long> waits = new ArrayList<>();
    long now = 250 * MS;
    long asked = now;
    assertEquals(only(3), plan(now));
    while (waits.size() < 12) {
      now = naks.dueNanos() - START;
      if (!plan(now).isEmpty()) {
        waits.add((now - asked) / MS);
        asked = now;
      }
    }
    assertEquals(
        List.of(302L, 302L, 302L, 302L, 302L, 604L, 1000L, 1000L, 1000L, 1000L, 1000L, 1000L),
        waits);
    naks.onHeard(START + asked + 400 * MS);
    assertEquals(START + asked + 400 * MS, naks.dueNanos(), "a sign of life changes when to ask");
    assertEquals(only(3), plan(asked + 400 * MS));
  }

  @Test
  void waitsForAsLongAsItSawPacketsComeLate() {
    naks.onKnown(3, START);
    arrive(0);
    arrive(2);
    assertFalse(naks.onArrival(1, START + 20 * MS));
    arrive(1);
    naks.onKnown(5, START + 30 * MS);
    arrive(4);
    naks.onCovered(5, START + 30 * MS);
    assertEquals(List.of(), plan(60 * MS - 1));
    assertEquals(only(3), plan(60 * MS));
    // Half a millisecond of the 30 is forgotten each time that the code's help is over.
    naks.onKnown(7, START + 70 * MS);
    arrive(6);
    naks.onCovered(7, START + 70 * MS);
    assertEquals(List.of(), plan(70 * MS + 29 * MS));
    assertEquals(only(5), plan(70 * MS + 30 * MS));
  }

  @Test
  void doesNotWaitForEverWhateverCameLate() {
    naks.onKnown(3, START);
    arrive(0);
    arrive(2);
    naks.onArrival(1, START + 240 * MS);
    arrive(1);
    naks.onKnown(5, START + 300 * MS);
    arrive(4);
    naks.onCovered(5, START + 300 * MS);
    plan(300 * MS);
    assertEquals(List.of(), plan(400 * MS - 1));
    assertEquals(only(3), plan(400 * MS));
  }

  @Test
  void oneNakAsksForNoMoreRangesThanFitAndTheNextForTheRest() {
    naks.onKnown(20, START);
    for (long n = 1; n < 20; n += 2) {
      arrive(n);
    }
    naks.onCovered(20, START);
    List<SequenceRange> first = naks.plan(4, START + 2 * MS);
    assertEquals(
        List.of(
            new SequenceRange(0, 1),
            new SequenceRange(2, 3),
            new SequenceRange(4, 5),
            new SequenceRange(6, 7)),
        first);
    assertEquals(START + 3 * MS, naks.dueNanos());
    assertEquals(new SequenceRange(8, 9), naks.plan(4, START + 3 * MS).getFirst());
    assertEquals(
        List.of(new SequenceRange(16, 17), new SequenceRange(18, 19)),
        naks.plan(4, START + 4 * MS));
  }

  @Test
  void oneNakAsksForNoMoreThan1024Packets() {
    naks.onKnown(3000, START);
    arrive(10);
    arrive(2999);
    naks.onCovered(3000, START);
    assertEquals(List.of(new SequenceRange(0, 10), new SequenceRange(11, 1025)), plan(2 * MS));
    assertEquals(List.of(new SequenceRange(1025, 2049)), plan(3 * MS));
    assertEquals(List.of(new SequenceRange(2049, 2999)), plan(4 * MS));
    assertEquals(List.of(), plan(5 * MS));
  }

  @Test
  void asksForNothingBeyondTheWindow() {
    naks.onKnown(1L << 40, START);
    naks.onCovered(1L << 40, START);
    long end = 0;
    for (long now = 2 * MS; now < 200 * MS; now += MS) {
      for (SequenceRange range : plan(now)) {
        assertEquals(end, range.first());
        end = range.end();
      }
    }
    assertEquals(window.sequenceEdge(), end);
  }
}

package dev.farshore.link.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * The burst promise: whenever an outage of the wire begins that lasts the burst time, and whenever
 * the sender dies, what was covered at its full level by then is with the receiver, by the code
 * alone.
 *
 * <p>A run records what was sent when, and what was covered when; acks are lost, so nothing counts
 * as covered for having arrived, and nothing is sent again. Then the record is played to fresh
 * receivers, once for every outage that could matter.
 */
class BurstPromiseTest {

  private static final long US = 1_000;
  private static final long MS = 1_000_000;

  /** Bounds the datagrams played in one check; of longer records a sample of outages is tried. */
  private static final long MOST_RECEIVED = 100_000;

  private record Sent(long atNanos, byte[] datagram) {}

  private record Covered(long atNanos, int datagrams, long offset) {}

  /** Offers bytes as time passes. Returns when it wants to be asked again. */
  private interface Writer {
    long write(Session session, long nowNanos);
  }

  private static final class Record {
    final LinkSettings settings;
    final List<Sent> sent = new ArrayList<>();
    final List<Covered> covered = new ArrayList<>();

    Record(LinkSettings settings, Writer writer, long duration, long timerNanos) {
      this.settings = settings;
      Wire.Fate recording =
          (index, datagram, now) -> {
            sent.add(new Sent(now, datagram));
            return List.of();
          };
      Wire wire = new Wire(1000, settings.datagramBytes(), recording, (i, d, n) -> List.of());
      Session session = new Session(settings, wire);
      int levels = settings.code().levels();
      long end = wire.nowNanos + duration;
      while (wire.nowNanos < end) {
        long next = writer.write(session, wire.nowNanos);
        session.sender.poll(wire.nowNanos);
        long offset = session.sender.coveredOffset(levels);
        if (covered.isEmpty() || covered.getLast().offset() < offset) {
          covered.add(new Covered(wire.nowNanos, sent.size(), offset));
        }
        long due = Math.min(next, session.sender.nextDeadlineNanos());
        // A timer that is never early and only ticks so often.
        due = Math.ceilDiv(due, timerNanos) * timerNanos;
        wire.nowNanos = Math.max(wire.nowNanos + 1, due);
      }
    }

    long coveredOffset() {
      return covered.getLast().offset();
    }

    /** The first outage, of that length, that takes covered bytes; -1 if none does. */
    long firstBreach(long outageNanos) {
      SplittableRandom random = new SplittableRandom(sent.size());
      long sample = Math.min(sent.size(), MOST_RECEIVED / sent.size() / 2);
      for (int i = 0; i < sample; i++) {
        int index = sample == sent.size() ? i : random.nextInt(sent.size());
        Sent anchor = sent.get(index);
        // An outage is worst if it begins right at a datagram, or ends right behind one.
        for (long start : new long[] {anchor.atNanos(), anchor.atNanos() + 1 - outageNanos}) {
          if (!survives(start, start + outageNanos)) {
            return start;
          }
        }
      }
      return -1;
    }

    private boolean survives(long start, long end) {
      Wire wire = new Wire(0, settings.datagramBytes(), (i, d, n) -> List.of(), null);
      LinkReceiver receiver = new LinkReceiver(settings, Session.SESSION_ID, wire.sending, null, 0);
      int next = 0;
      for (Covered promise : covered) {
        for (; next < promise.datagrams(); next++) {
          Sent datagram = sent.get(next);
          if (datagram.atNanos() < start || datagram.atNanos() >= end) {
            receiver.onDatagram(ByteBuffer.wrap(datagram.datagram()), datagram.atNanos());
          }
        }
        ByteBuffer bytes = receiver.peek();
        while (bytes.hasRemaining()) {
          assertEquals(Session.byteAt(receiver.consumedOffset()), bytes.get(0));
          receiver.consume(bytes.remaining());
          bytes = receiver.peek();
        }
        if (receiver.consumedOffset() < promise.offset()) {
          return false;
        }
      }
      return true;
    }
  }

  private static LinkSettings settings(CodeSettings code, long burst, long rate) {
    return new LinkSettings(code, burst, MS / 2, rate, 200, 1 << 20);
  }

  private static final List<CodeSettings> CODES =
      List.of(
          new CodeSettings.Layered(8, List.of(1, 10, 100)),
          new CodeSettings.Layered(4, List.of(1, 7)),
          new CodeSettings.Layered(3, List.of(5)),
          new CodeSettings.ReedSolomon(8, 3),
          new CodeSettings.ReedSolomon(4, 1),
          new CodeSettings.ReedSolomon(2, 6));

  /** The next write when the one before is covered. */
  private static Writer oneAtATime(int bytes) {
    return (session, now) -> {
      int levels = session.settings.code().levels();
      if (session.sender.coveredOffset(levels) == session.offered) {
        session.offer(bytes);
      }
      return Long.MAX_VALUE;
    };
  }

  private static Writer atRandom(long seed, long meanGapNanos, int mostBytes) {
    SplittableRandom random = new SplittableRandom(seed);
    long[] next = {0};
    return (session, now) -> {
      while (next[0] <= now) {
        session.offer(1 + random.nextInt(mostBytes));
        next[0] = Math.max(next[0], now) + random.nextLong(2 * meanGapNanos + 1);
      }
      return next[0];
    };
  }

  private static Writer flatOut(int bytes) {
    return (session, now) -> {
      int missing = (int) (bytes - (session.offered - session.sender.sentOffset()));
      session.offer(Math.max(0, missing));
      return Long.MAX_VALUE;
    };
  }

  private static Writer inPulses(int bytes, long everyNanos) {
    long[] next = {0};
    return (session, now) -> {
      if (next[0] <= now) {
        session.offer(bytes);
        next[0] = now + everyNanos;
      }
      return next[0];
    };
  }

  private static void assertKept(
      LinkSettings settings, Writer writer, long duration, long timer, String what) {
    Record run = new Record(settings, writer, duration, timer);
    assertTrue(run.coveredOffset() > 0, what + ": nothing was covered");
    assertEquals(
        -1, run.firstBreach(settings.burstNanos()), what + ": an outage took covered bytes");
  }

  @Test
  void isKeptForOneSmallWriteAtATime() {
    for (CodeSettings code : CODES) {
      for (long rate : new long[] {2_000_000, 100_000_000, 10_000_000_000L}) {
        LinkSettings settings = settings(code, MS, rate);
        assertKept(settings, oneAtATime(20), 60 * MS, 1, code + " at " + rate);
      }
    }
  }

  @Test
  void isKeptForSmallWritesFasterThanTheBurstTime() {
    for (CodeSettings code : CODES) {
      for (long gap : new long[] {5 * US, 50 * US, 400 * US, 3 * MS}) {
        LinkSettings settings = settings(code, MS, 1_000_000_000);
        long duration = Math.max(200 * gap, 30 * MS);
        assertKept(settings, atRandom(gap, gap, 40), duration, 1, code + " every " + gap);
      }
    }
  }

  @Test
  void isKeptAtFullRate() {
    for (CodeSettings code : CODES) {
      for (long rate : new long[] {5_000_000, 200_000_000, 2_000_000_000}) {
        LinkSettings settings = settings(code, MS, rate);
        // Time to fill the groups of the widest layer twice.
        long packets = 1000 + 4L * CodePlan.of(settings).historyPackets();
        long duration = Math.min(packets * 8 * 200 * 1_000_000_000L / rate, 900 * MS);
        assertKept(settings, flatOut(100_000), duration, 1, code + " at " + rate);
      }
    }
  }

  @Test
  void isKeptForPulsesWithPauses() {
    for (CodeSettings code : CODES) {
      for (int bytes : new int[] {100, 5_000, 40_000}) {
        LinkSettings settings = settings(code, 2 * MS, 200_000_000);
        assertKept(settings, inPulses(bytes, 7 * MS), 40 * MS, 1, code + " pulses of " + bytes);
      }
    }
  }

  @Test
  void isKeptWithTimersThatTickOnlyEveryMillisecond() {
    for (CodeSettings code : CODES) {
      LinkSettings settings = settings(code, MS, 100_000_000);
      assertKept(settings, flatOut(50_000), 70 * MS, MS, code + " at full rate");
      assertKept(settings, atRandom(3, 200 * US, 100), 60 * MS, MS, code + " at random");
      assertKept(settings, oneAtATime(50), 60 * MS, MS, code + " one at a time");
    }
  }

  @Test
  void withoutItTheSameOutageTakesCoveredBytes() {
    // The check can fail: sessions with the promise switched off do not survive the same outages.
    for (CodeSettings code : CODES) {
      Record run = new Record(settings(code, 0, 100_000_000), oneAtATime(50), 20 * MS, 1);
      assertTrue(run.coveredOffset() > 0);
      assertTrue(run.firstBreach(MS) >= 0, code + " survived");
    }
  }

  @Test
  void anOutageTwiceAsLongTakesCoveredBytes() {
    for (CodeSettings code : CODES) {
      Record run = new Record(settings(code, MS, 100_000_000), oneAtATime(50), 60 * MS, 1);
      assertTrue(run.firstBreach(2 * MS) >= 0, code + " survived more than it promised");
    }
  }
}

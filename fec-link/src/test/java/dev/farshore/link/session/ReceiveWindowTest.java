package dev.farshore.link.session;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.code.MemberStore.Presence;
import dev.farshore.link.code.Symbol;
import dev.farshore.link.session.ReceiveWindow.Outcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The packets that the receiver holds, against a plain model and one by one. */
class ReceiveWindowTest {

  private static final int WINDOW_BYTES = 20_000;
  private static final LinkSettings SETTINGS =
      new LinkSettings(
          new CodeSettings.Layered(4, List.of(1, 6)), 0, 0, 1_000_000_000, 1000, WINDOW_BYTES);
  private static final CodePlan PLAN = CodePlan.of(SETTINGS);
  private static final int MAX = SETTINGS.maxPayloadBytes();

  private final ReceiveWindow window = new ReceiveWindow(SETTINGS, PLAN);

  private static ByteBuffer bytes(long offset, int length) {
    ByteBuffer bytes = ByteBuffer.allocate(length);
    for (int i = 0; i < length; i++) {
      bytes.put(Session.byteAt(offset + i));
    }
    return bytes.flip();
  }

  private Outcome accept(long sequence, long offset, int length) {
    return window.accept(sequence, offset, bytes(offset, length));
  }

  private static byte[] symbol(long sequence, long offset, int length) {
    byte[] symbol = new byte[Symbol.HEADER_BYTES + MAX];
    byte[] payload = bytes(offset, length).array();
    int check = new Symbol.Checker().check(sequence, payload, 0, length);
    Symbol.putHeader(symbol, length, (int) offset, check);
    System.arraycopy(payload, 0, symbol, Symbol.HEADER_BYTES, length);
    return symbol;
  }

  private void drain() {
    window.advance();
    for (ByteBuffer next = window.readable(); next.hasRemaining(); next = window.readable()) {
      for (long at = window.consumedOffset(); next.hasRemaining(); at++) {
        assertEquals(Session.byteAt(at), next.get());
      }
      window.consume(next.limit());
    }
  }

  @Test
  void takesEachPacketOnceAndGivesTheBytesInOrder() {
    assertEquals(Outcome.TAKEN, accept(1, 10, 5));
    assertFalse(window.advance());
    assertEquals(2, window.hereEnd());
    assertEquals(Outcome.DUPLICATE, accept(1, 10, 5));
    assertEquals(Outcome.TAKEN, accept(0, 0, 10));
    assertTrue(window.advance());
    assertEquals(2, window.next());
    assertEquals(Outcome.DUPLICATE, accept(0, 0, 10));
    assertEquals(bytes(0, 15), window.readable());
  }

  @Test
  void refusesWhatItHasNoRoomFor() {
    long packets = window.sequenceEdge();
    assertEquals(Outcome.BEYOND, accept(packets, packets, 1));
    assertEquals(Outcome.TAKEN, accept(packets - 1, packets - 1, 1));
    assertEquals(Outcome.BEYOND, accept(100, WINDOW_BYTES - 9, 10));
    assertEquals(Outcome.TAKEN, accept(100, WINDOW_BYTES - 10, 10));
    assertEquals(Outcome.TAKEN, accept(0, 0, 100));
    window.advance();
    assertEquals(WINDOW_BYTES, window.windowEdge(), "only what is consumed makes room");
    window.consume(40);
    assertEquals(WINDOW_BYTES + 40, window.windowEdge());
  }

  @Test
  void refusesWhatCannotBeTrue() {
    assertEquals(Outcome.CONTRADICTION, accept(0, 1, 10), "the first byte is at offset 0");
    assertEquals(Outcome.CONTRADICTION, accept(5, 4, 10), "each packet before it has a byte");
    assertEquals(Outcome.TAKEN, accept(5, 5, 10));
    assertEquals(Outcome.CONTRADICTION, accept(6, 100, 0));
    assertEquals(Outcome.CONTRADICTION, window.accept(7, 100, ByteBuffer.allocate(MAX + 1)));
    assertEquals(Outcome.TAKEN, window.accept(7, 100, ByteBuffer.allocate(MAX)));
  }

  @Test
  void dropsWhatTurnsOutNotToFollowAndTakesItAgain() {
    assertEquals(Outcome.TAKEN, accept(1, 50, 10));
    assertEquals(Outcome.TAKEN, accept(0, 0, 20));
    assertTrue(window.advance());
    assertEquals(1, window.next());
    assertEquals(1, window.contradictions());
    assertEquals(20, window.readable().remaining());
    assertEquals(Outcome.TAKEN, accept(1, 20, 10));
    assertTrue(window.advance());
    drain();
    assertEquals(30, window.consumedOffset());
  }

  @Test
  void consumesNoMoreThanIsThere() {
    accept(0, 0, 10);
    window.advance();
    assertThrows(IllegalArgumentException.class, () -> window.consume(11));
    assertThrows(IllegalArgumentException.class, () -> window.consume(-1));
    window.consume(10);
    assertEquals(0, window.readable().remaining());
  }

  @Test
  void restoresASymbolThatIsRightAndNoOther() {
    assertEquals(Outcome.TAKEN, accept(1, 100, 50));
    byte[] right = symbol(0, 0, 100);
    int length = Symbol.HEADER_BYTES + 100;
    for (int at = 0; at < length; at++) {
      byte[] wrong = right.clone();
      wrong[at] ^= 4;
      assertFalse(window.restore(0, wrong, length), "byte " + at);
    }
    byte[] padded = right.clone();
    padded[length + 3] = 1;
    assertFalse(window.restore(0, padded, length + 4), "more behind its end than zeros");
    assertFalse(window.restore(0, symbol(0, 7, 100), length), "in the wrong place");
    assertFalse(window.restore(1, symbol(1, 100, 50), length), "here already");
    assertTrue(window.restore(0, right, length + 4));
    drain();
    assertEquals(150, window.consumedOffset());
  }

  /** 32 bits of the offset are in a symbol; the stream is longer. */
  @Test
  void restoresBehindFourGigabytes() {
    LinkSettings large =
        new LinkSettings(new CodeSettings.Layered(4, List.of(1)), 0, 0, 1L << 40, 65_000, 1 << 20);
    ReceiveWindow far = new ReceiveWindow(large, CodePlan.of(large));
    ByteBuffer payload = ByteBuffer.allocate(large.maxPayloadBytes());
    long sequence = 0;
    long offset = 0;
    while (offset < (1L << 32) - 200) {
      int length = (int) Math.min(payload.capacity(), (1L << 32) - 200 - offset);
      assertEquals(Outcome.TAKEN, far.accept(sequence, offset, payload.clear().limit(length)));
      far.advance();
      while (far.readable().hasRemaining()) {
        far.consume(far.readable().remaining());
      }
      sequence++;
      offset += length;
    }
    int length = Symbol.HEADER_BYTES + 300;
    assertTrue(far.restore(sequence + 1, symbol(sequence + 1, offset + 300, 300), length));
    assertTrue(far.restore(sequence, symbol(sequence, offset, 300), length));
    far.advance();
    assertEquals(offset + 600, far.consumedOffset() + far.readable().remaining());
    for (long at = offset; far.readable().hasRemaining(); at++) {
      assertEquals(Session.byteAt(at), far.readable().get());
      far.consume(1);
    }
  }

  /** What the model knows of a packet. */
  private record Sent(long offset, int length) {}

  @Test
  void agreesWithAModelWhateverTheOrder() {
    for (long seed = 0; seed < 12; seed++) {
      new Run(seed).run();
    }
  }

  /** One stream of packets of random lengths, which arrive in a random order within the window. */
  private static final class Run {
    private final long seed;
    private final Random random;
    private final ReceiveWindow window = new ReceiveWindow(SETTINGS, PLAN);
    private final List<Sent> sent = new ArrayList<>();
    private final TreeMap<Long, Boolean> here = new TreeMap<>();
    private long consumed;

    Run(long seed) {
      this.seed = seed;
      this.random = new Random(seed);
      long offset = 0;
      for (int n = 0; n < 1500; n++) {
        int length = random.nextInt(3) == 0 ? 1 + random.nextInt(MAX) : 1 + random.nextInt(40);
        sent.add(new Sent(offset, length));
        offset += length;
      }
    }

    private String about() {
      return "seed " + seed + ", next " + window.next();
    }

    void run() {
      while (window.next() < sent.size()) {
        List<Integer> reach = new ArrayList<>();
        for (int n = (int) window.next(); n < sent.size(); n++) {
          if (sent.get(n).offset() + sent.get(n).length() > window.windowEdge()) {
            break;
          }
          reach.add(n);
        }
        Collections.shuffle(reach, random);
        for (int n : reach.subList(0, reach.size() / (1 + random.nextInt(4)))) {
          offer(n);
        }
        offer((int) window.next());
        consume();
        compare();
      }
    }

    private void offer(int n) {
      if (n >= sent.size()) {
        return;
      }
      Sent packet = sent.get(n);
      boolean fits = packet.offset() + packet.length() <= window.windowEdge();
      boolean fresh = n >= window.next() && !here.containsKey((long) n);
      if (fresh && fits && random.nextInt(3) == 0) {
        int length = Symbol.HEADER_BYTES + packet.length();
        assertTrue(window.restore(n, symbol(n, packet.offset(), packet.length()), length), about());
      } else {
        Outcome outcome =
            window.accept(n, packet.offset(), bytes(packet.offset(), packet.length()));
        Outcome expected = !fresh ? Outcome.DUPLICATE : fits ? Outcome.TAKEN : Outcome.BEYOND;
        assertEquals(expected, outcome, about());
      }
      if (fits) {
        here.put((long) n, true);
      }
      window.advance();
    }

    private void consume() {
      ByteBuffer readable = window.readable();
      int length = readable.remaining() == 0 ? 0 : random.nextInt(readable.remaining() + 1);
      length = random.nextInt(4) == 0 ? length : readable.remaining();
      for (int i = 0; i < length; i++) {
        assertEquals(Session.byteAt(consumed + i), readable.get(i), about());
      }
      window.consume(length);
      consumed += length;
    }

    private void compare() {
      long next = 0;
      while (here.containsKey(next)) {
        next++;
      }
      assertEquals(next, window.next(), about());
      assertEquals(here.isEmpty() ? 0 : here.lastKey() + 1, window.hereEnd(), about());
      long end = window.hereEnd() + random.nextInt(70);
      for (int probe = 0; probe < 8; probe++) {
        long from = next + random.nextInt((int) (end - next) + 1);
        long missing = from;
        while (missing < end && here.containsKey(missing)) {
          missing++;
        }
        long present = from;
        while (present < end && !here.containsKey(present)) {
          present++;
        }
        assertEquals(missing, window.firstMissing(from, end), about());
        assertEquals(present, window.firstHere(from, end), about());
      }
      comparePresence(next);
    }

    /** Behind the in-order point, as far back as a coding group reaches. */
    private void comparePresence(long next) {
      assertEquals(Presence.OUT_OF_REACH, window.presence(window.sequenceEdge()), about());
      for (long n = Math.max(0, next - PLAN.historyPackets() - 5); n < window.hereEnd(); n++) {
        boolean reached = n >= next - PLAN.historyPackets();
        Presence expected =
            here.containsKey(n)
                ? (reached ? Presence.HERE : Presence.OUT_OF_REACH)
                : Presence.MISSING;
        assertEquals(expected, window.presence(n), about() + ", packet " + n);
        if (expected == Presence.HERE) {
          byte[] copy = new byte[Symbol.HEADER_BYTES + MAX];
          window.copySymbol(n, copy);
          Sent packet = sent.get((int) n);
          assertArrayEquals(symbol(n, packet.offset(), packet.length()), copy, about());
          window.xorSymbol(n, copy);
          assertTrue(Arrays.equals(copy, new byte[copy.length]), about());
          assertEquals(Symbol.HEADER_BYTES + packet.length(), window.symbolBytes(n), about());
        }
      }
    }
  }
}

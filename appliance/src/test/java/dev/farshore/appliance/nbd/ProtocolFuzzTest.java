package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.appliance.export.Export;
import dev.farshore.appliance.export.ExportDirectory;
import dev.farshore.appliance.export.MemoryExport;
import dev.farshore.appliance.nbd.ServerBytes.Reply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Garbage, broken sessions and random requests. Whatever a client sends: nothing is thrown, and
 * once it is gone and the export has replied, no memory, no credit and no export is left.
 */
class ProtocolFuzzTest {

  /** Sessions of the random tests; more with {@code -Dnbd.fuzz.seeds=N}. */
  private static final int SEEDS = Integer.getInteger("nbd.fuzz.seeds", 4000);

  private static final int SIZE = 5 * MemoryExport.PAGE_BYTES + 77;

  /** Exports that count who has them open. */
  private static final class Counting implements ExportDirectory {
    private int open;
    private final MemoryExport memory = new MemoryExport("m", SIZE);
    private final List<HeldExport> handed = new ArrayList<>();

    @Override
    public List<String> names() {
      return List.of("m");
    }

    @Override
    public Optional<Export> open(String name) {
      if (!name.isEmpty() && !name.equals("m")) {
        return Optional.empty();
      }
      open++;
      HeldExport held =
          new HeldExport(
              new ForwardingExport(memory) {
                @Override
                public void close() {
                  open--;
                }
              });
      handed.add(held);
      return Optional.of(held);
    }

    private void release() {
      handed.forEach(HeldExport::release);
    }
  }

  private final Counting exports = new Counting();
  private final Bench bench = new Bench(exports);

  private static byte[] wholeSession() {
    return new ClientBytes()
        .flags(ClientBytes.MODERN)
        .option(OPT_STRUCTURED_REPLY)
        .option(OPT_LIST)
        .listContext("m")
        .setContext("m", BASE_ALLOCATION)
        .info("m", INFO_BLOCK_SIZE)
        .go("m", INFO_BLOCK_SIZE, INFO_NAME)
        .write(CMD_FLAG_FUA, 1, 10, new byte[100])
        .request(0, CMD_READ, 2, 0, 200)
        .request(CMD_FLAG_NO_HOLE, CMD_WRITE_ZEROES, 3, 0, 4096)
        .request(0, CMD_BLOCK_STATUS, 4, 0, SIZE)
        .request(0, CMD_TRIM, 5, 0, 4096)
        .request(0, CMD_CACHE, 6, 0, 4096)
        .request(0, CMD_FLUSH, 7, 0, 0)
        .write(0, 8, SIZE, new byte[50])
        .request(0, CMD_DISC, 9, 0, 0)
        .bytes();
  }

  private void nothingIsLeft(Bench.Client client, String what) {
    client.reading(true);
    client.received();
    client.vanish();
    exports.release();
    bench.run();
    assertEquals(List.of(), bench.thrown, what);
    assertEquals(0, bench.memory(), what);
    assertEquals(0, bench.connections.pools().taken(), what);
    assertEquals(0, exports.open, what);
    assertEquals(0, bench.connections.statistics().connections(), what);
    assertEquals(0, bench.connections.statistics().transmitting(), what);
    exports.handed.clear();
  }

  @Test
  void survivesEveryTruncation() {
    byte[] session = wholeSession();
    for (int length = 0; length <= session.length; length++) {
      Bench.Client client = bench.connect();
      client.send(Arrays.copyOf(session, length));
      nothingIsLeft(client, "cut at " + length);
    }
  }

  @Test
  void survivesEveryFlippedBit() {
    byte[] session = wholeSession();
    for (int bit = 0; bit < session.length * 8; bit++) {
      byte[] flipped = session.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      Bench.Client client = bench.connect();
      client.send(flipped);
      nothingIsLeft(client, "bit " + bit);
    }
  }

  @Test
  void survivesRandomBytesInBothPhases() {
    for (long seed = 1; seed <= SEEDS / 2; seed++) {
      Random random = new Random(seed);
      Bench.Client client = random.nextBoolean() ? bench.connect() : bench.modern("m");
      byte[] garbage = new byte[random.nextInt(400)];
      random.nextBytes(garbage);
      client.send(garbage);
      nothingIsLeft(client, "seed " + seed);
    }
  }

  @Test
  void survivesSessionsThatWereTornAndMixed() {
    byte[] session = wholeSession();
    for (long seed = 1; seed <= SEEDS; seed++) {
      Random random = new Random(seed);
      byte[] mutant = mutate(session, random);
      Bench.Client client = bench.connect();
      int at = 0;
      while (at < mutant.length) {
        int piece = 1 + random.nextInt(mutant.length);
        client.send(Arrays.copyOfRange(mutant, at, Math.min(mutant.length, at + piece)));
        at += piece;
        disturb(client, random);
      }
      nothingIsLeft(client, "seed " + seed);
      bench.connections.reopen("m");
    }
    NbdStatistics reached = bench.connections.statistics();
    assertEquals(SEEDS, reached.accepted());
    assertTrue(reached.requests() > SEEDS, () -> "too few reach transmission: " + reached);
    assertTrue(reached.errors() > SEEDS / 10, () -> "too few errors: " + reached);
    assertTrue(reached.violations() > SEEDS / 10, () -> "too few violations: " + reached);
    assertTrue(reached.bytesWritten() > SEEDS * 10L, () -> "too few writes: " + reached);
  }

  private void disturb(Bench.Client client, Random random) {
    switch (random.nextInt(6)) {
      case 0 -> exports.release();
      case 1 -> client.reading(false);
      case 2 -> client.reading(true);
      case 3 -> bench.connections.tick();
      case 4 -> {
        if (random.nextInt(5) == 0) {
          bench.connections.shut("m", "fuzz");
        }
      }
      default -> client.received();
    }
    bench.run();
  }

  private static byte[] mutate(byte[] session, Random random) {
    byte[] mutant = session;
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      int from = random.nextInt(mutant.length);
      int to = Math.min(mutant.length, from + random.nextInt(64));
      mutant =
          switch (random.nextInt(4)) {
            case 0 -> join(Arrays.copyOf(mutant, from), tail(mutant, to));
            case 1 -> join(Arrays.copyOf(mutant, to), tail(mutant, from));
            case 2 -> {
              byte[] copy = mutant.clone();
              copy[from] = (byte) random.nextInt();
              yield copy;
            }
            default -> {
              byte[] copy = mutant.clone();
              Arrays.fill(copy, from, Math.min(copy.length, from + 4), (byte) -1);
              yield copy;
            }
          };
      if (mutant.length == 0) {
        return session;
      }
    }
    return mutant;
  }

  private static byte[] tail(byte[] bytes, int from) {
    return Arrays.copyOfRange(bytes, from, bytes.length);
  }

  private static byte[] join(byte[] head, byte[] tail) {
    byte[] both = Arrays.copyOf(head, head.length + tail.length);
    System.arraycopy(tail, 0, both, head.length, tail.length);
    return both;
  }

  @Test
  void readsWhatWasWritten() {
    answersEveryRequestOnce(1);
  }

  @Test
  void answersEveryRequestOnceHoweverLongTheyTake() {
    answersEveryRequestOnce(20);
  }

  /**
   * @param depth requests that may be in progress at a time; with more than one, reads may show
   *     writes that were sent later, so their data is not looked at
   */
  private void answersEveryRequestOnce(int depth) {
    for (long seed = 1; seed <= SEEDS / 10; seed++) {
      Random random = new Random(seed);
      byte[] model = exports.memory.bytes(0, SIZE);
      Bench.Client client = bench.modern("m");
      Map<Long, byte[]> expected = new TreeMap<>();
      for (long cookie = 0; cookie < 60; cookie++) {
        expected.put(cookie, sendRandom(client, random, cookie, model));
        if (random.nextInt(depth) == 0) {
          exports.release();
          bench.run();
          check(client.received(), expected, depth == 1, "seed " + seed);
        }
      }
      exports.release();
      bench.run();
      check(client.received(), expected, depth == 1, "seed " + seed);
      assertTrue(expected.isEmpty(), "seed " + seed);
      nothingIsLeft(client, "seed " + seed);
    }
  }

  /** Sends a request, applies it to the model; the data that a read must bring, else nothing. */
  private static byte[] sendRandom(Bench.Client client, Random random, long cookie, byte[] model) {
    int offset = random.nextInt(SIZE);
    int length = 1 + random.nextInt(random.nextBoolean() ? 600 : SIZE - offset);
    boolean inside = offset + length <= SIZE;
    switch (random.nextInt(5)) {
      case 0 -> {
        byte[] data = new byte[length];
        random.nextBytes(data);
        client.send(new ClientBytes().write(random.nextInt(2), cookie, offset, data));
        if (inside) {
          System.arraycopy(data, 0, model, offset, length);
        }
      }
      case 1 -> {
        int type = random.nextBoolean() ? CMD_TRIM : CMD_WRITE_ZEROES;
        client.send(new ClientBytes().request(0, type, cookie, offset, length));
        if (inside) {
          Arrays.fill(model, offset, offset + length, (byte) 0);
        }
      }
      case 2 -> client.send(new ClientBytes().request(0, CMD_BLOCK_STATUS, cookie, offset, length));
      case 3 -> client.send(new ClientBytes().request(0, CMD_FLUSH, cookie, 0, 0));
      default -> {
        int flags = random.nextBoolean() ? CMD_FLAG_DF : 0;
        client.send(new ClientBytes().request(flags, CMD_READ, cookie, offset, length));
        if (inside) {
          return prefixed(offset, Arrays.copyOfRange(model, offset, offset + length));
        }
      }
    }
    return new byte[0];
  }

  private static byte[] prefixed(int offset, byte[] data) {
    return join(new byte[] {(byte) (offset >> 16), (byte) (offset >> 8), (byte) offset}, data);
  }

  /** Takes replies apart; a read's chunks must make up its data, each byte once. */
  private static void check(
      ServerBytes received, Map<Long, byte[]> expected, boolean exact, String what) {
    Map<Long, byte[]> partial = new TreeMap<>();
    Map<Long, Integer> covered = new TreeMap<>();
    while (received.bytes().isReadable()) {
      Reply reply = received.reply();
      byte[] want = expected.get(reply.cookie());
      assertTrue(want != null, what + ": a second reply to " + reply.cookie());
      if (want.length > 0) {
        assertEquals(0, reply.error(), what);
        place(reply, want, partial, covered);
      }
      if (reply.done()) {
        if (want.length > 0) {
          assertEquals(want.length - 3, covered.get(reply.cookie()), what);
          byte[] got = join(Arrays.copyOf(want, 3), partial.get(reply.cookie()));
          if (exact) {
            assertArrayEquals(want, got, what);
          }
        }
        expected.remove(reply.cookie());
      }
    }
  }

  private static void place(
      Reply reply, byte[] want, Map<Long, byte[]> partial, Map<Long, Integer> covered) {
    int start = (want[0] & 0xff) << 16 | (want[1] & 0xff) << 8 | want[2] & 0xff;
    java.nio.ByteBuffer payload = java.nio.ByteBuffer.wrap(reply.payload());
    byte[] data = partial.computeIfAbsent(reply.cookie(), c -> new byte[want.length - 3]);
    int at = Math.toIntExact(payload.getLong()) - start;
    int length = reply.type() == REPLY_TYPE_OFFSET_HOLE ? payload.getInt() : payload.remaining();
    if (reply.type() == REPLY_TYPE_OFFSET_DATA) {
      payload.get(data, at, length);
    } else {
      assertEquals(REPLY_TYPE_OFFSET_HOLE, reply.type());
    }
    covered.merge(reply.cookie(), length, Integer::sum);
  }
}

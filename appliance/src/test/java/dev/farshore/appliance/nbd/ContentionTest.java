package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.appliance.export.FixedDirectory;
import dev.farshore.appliance.export.MemoryExport;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * Many clients with large requests over little credit. Reads of holes are charged like any other
 * but move no bytes, so this is quick.
 */
class ContentionTest {

  private static final long SIZE = 64L << 20;
  private static final CreditLimits CREDITS =
      new CreditLimits(40 << 20, 4 << 20, 36 << 20, 1 << 20, 16 << 10);

  private final class Peer {
    private final Bench.Client client = bench.modern("m");
    private long sent;
    private long answered;

    private void send(Random random) {
      long length = 1 + (long) Math.pow(MAX_PAYLOAD_BYTES - 1, random.nextDouble());
      client.send(new ClientBytes().request(0, CMD_READ, sent, 0, length));
      sent++;
    }

    private void receive() {
      ServerBytes received = client.received();
      while (received.bytes().isReadable()) {
        answered += received.reply().done() ? 1 : 0;
      }
    }
  }

  private HeldExport held = new HeldExport(new MemoryExport("m", SIZE));
  private Bench bench = newBench();

  private Bench newBench() {
    held = new HeldExport(new MemoryExport("m", SIZE));
    return new Bench(FixedDirectory.of(held), new NbdLimits(100, CREDITS, 30, 10, 5));
  }

  @Test
  void everybodyIsServedInTheEndAndNoCreditIsLost() {
    int contended = 0;
    int vanished = 0;
    for (long seed = 1; seed <= 300; seed++) {
      bench = newBench();
      Random random = new Random(seed);
      List<Peer> peers = new ArrayList<>();
      for (int step = 0; step < 150; step++) {
        if (peers.size() < 8) {
          peers.add(new Peer());
        }
        Peer peer = peers.get(random.nextInt(peers.size()));
        switch (random.nextInt(10)) {
          case 0 -> held.release();
          case 1 -> peer.client.reading(random.nextBoolean());
          case 2 -> {
            if (random.nextInt(4) == 0) {
              peers.remove(peer);
              peer.client.vanish();
              vanished++;
            }
          }
          default -> peer.send(random);
        }
        contended += bench.connections.pools().contended() ? 1 : 0;
        long most = CREDITS.shared() + CREDITS.moderate();
        assertTrue(bench.connections.pools().taken() <= most, "seed " + seed);
      }
      settle(peers, seed);
    }
    assertTrue(contended > 1000, "seldom contended: " + contended);
    assertTrue(vanished > 100, "seldom vanished: " + vanished);
  }

  private void settle(List<Peer> peers, long seed) {
    boolean busy = true;
    while (busy) {
      held.release();
      peers.forEach(peer -> peer.client.reading(true));
      busy = held.held() > 0;
    }
    for (Peer peer : peers) {
      peer.receive();
      assertEquals(peer.sent, peer.answered, "seed " + seed);
    }
    assertEquals(List.of(), bench.thrown);
    assertEquals(0, bench.connections.pools().taken(), "seed " + seed);
    assertEquals(0, held.held());
  }
}

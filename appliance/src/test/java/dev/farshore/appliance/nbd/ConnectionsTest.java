package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.appliance.export.FixedDirectory;
import dev.farshore.appliance.export.MemoryExport;
import dev.farshore.appliance.nbd.ServerBytes.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What clients cost each other, and how connections end. */
class ConnectionsTest {

  private static final int MIB = 1 << 20;
  private static final long SIZE = 256L << 20;
  private static final CreditLimits CREDITS =
      new CreditLimits(64 * MIB, 8 * MIB, 40 * MIB, 2 * MIB, 32 << 10);

  private final MemoryExport memory = new MemoryExport("m", SIZE);
  private final MemoryExport second = new MemoryExport("s", SIZE);
  private final HeldExport held = new HeldExport(memory);
  private final Bench bench =
      new Bench(FixedDirectory.of(held, second), new NbdLimits(20, CREDITS, 30, 10, 5));

  @AfterEach
  void nothingIsLeftBehind() {
    assertEquals(List.of(), bench.thrown);
    bench.connections.drain(() -> {});
    bench.connections.drainNow();
    held.release();
    bench.run();
    assertEquals(0, bench.connections.pools().taken());
    assertEquals(0, bench.connections.statistics().connections());
    assertEquals(0, bench.connections.statistics().transmitting());
  }

  private static ClientBytes client() {
    return new ClientBytes();
  }

  @Test
  void stopsReadingFromAClientWhoseCreditIsGoneAndGoesOnLater() {
    Bench.Client client = bench.simple("m");
    for (int i = 0; i < 100; i++) {
      client.send(client().write(0, i, 0, new byte[MIB]));
    }
    assertTrue(client.blocked());
    assertEquals(39, held.held());
    assertTrue(bench.memory() <= 41 * MIB, () -> bench.memory() + " bytes");
    held.release();
    bench.run();
    held.release();
    bench.run();
    held.release();
    bench.run();
    ServerBytes received = client.received();
    for (int i = 0; i < 100; i++) {
      assertEquals(i, received.reply().cookie());
    }
    received.end();
    assertFalse(client.blocked());
  }

  @Test
  void boundsTheMemoryForAClientThatNeverReadsItsReplies() {
    Bench.Client client = bench.simple("s");
    client.reading(false);
    for (int i = 0; i < 100; i++) {
      client.send(client().request(0, CMD_READ, i, 0, MIB));
    }
    assertTrue(client.blocked());
    assertTrue(bench.memory() <= 41 * MIB, () -> bench.memory() + " bytes");
    assertTrue(bench.connections.statistics().requests() < 41);
    client.reading(true);
    ServerBytes received = client.received();
    for (int i = 0; i < 100; i++) {
      assertEquals(i, received.reply().cookie());
      received.data(MIB);
    }
    received.end();
  }

  @Test
  void boundsTheMemoryForSmallRepliesThatAreNeverRead() {
    Bench.Client client = bench.simple("s");
    client.reading(false);
    ClientBytes many = client();
    for (int i = 0; i < 1000; i++) {
      many.request(0, CMD_FLUSH, i, 0, 0);
    }
    for (int i = 0; i < 200; i++) {
      client.send(many);
    }
    assertTrue(client.blocked());
    long most = CREDITS.connection() / CreditLimits.REQUEST_OVERHEAD_BYTES;
    assertTrue(bench.connections.statistics().requests() <= most + 64);
  }

  @Test
  void othersGoOnWhileSomeHoldAllTheSharedCredit() {
    List<Bench.Client> hogs = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Bench.Client hog = bench.simple("s");
      hog.send(client().request(0, CMD_WRITE, 1, 0, MAX_PAYLOAD_BYTES));
      hogs.add(hog);
    }
    assertTrue(bench.connections.pools().contended());
    Bench.Client victim = bench.simple("s");
    for (int i = 0; i < 50; i++) {
      victim.send(client().write(0, i, 0, new byte[MIB]));
      assertEquals(i, victim.received().reply().cookie());
    }
    hogs.forEach(Bench.Client::vanish);
    assertFalse(bench.connections.pools().contended());
  }

  @Test
  void disconnectsThoseWhoHoldCreditThatOthersWaitFor() {
    Bench.Client slowWriter = bench.simple("s");
    slowWriter.send(client().request(0, CMD_WRITE, 1, 0, 30 * MIB));
    Bench.Client slowReader = bench.simple("s");
    slowReader.reading(false);
    slowReader.send(client().request(0, CMD_READ, 1, 0, 30 * MIB));
    Bench.Client patient = bench.simple("s");
    patient.send(client().request(0, CMD_READ, 1, 0, 30 * MIB));
    assertTrue(patient.blocked());
    for (int second = 0; second < 13; second++) {
      slowWriter.send(new byte[10]);
      bench.connections.tick();
    }
    assertTrue(slowWriter.open(), "30 MiB may take 10 s, and 1 s for each 8 MiB");
    bench.connections.tick();
    bench.run();
    assertFalse(slowWriter.open());
    assertFalse(slowReader.open());
    assertTrue(patient.open());
    assertEquals(1, patient.received().reply().cookie());
    assertEquals(2, bench.connections.statistics().stalled());
  }

  @Test
  void bearsTheSlowestClientsWhileNobodyWaits() {
    Bench.Client slow = bench.simple("s");
    slow.send(client().request(0, CMD_WRITE, 1, 0, 30 * MIB));
    for (int second = 0; second < 1000; second++) {
      bench.connections.tick();
    }
    assertTrue(slow.open());
  }

  @Test
  void bearsAClientThatIsAlwaysInTheMiddleOfAPayloadButGoesOn() {
    Bench.Client hog = bench.simple("m");
    hog.send(client().request(0, CMD_READ, 1, 0, 30 * MIB));
    Bench.Client other = bench.simple("m");
    other.send(client().request(0, CMD_READ, 1, 0, 25 * MIB));
    Bench.Client patient = bench.simple("s");
    patient.send(client().request(0, CMD_READ, 1, 0, 30 * MIB));
    assertTrue(bench.connections.pools().contended());
    Bench.Client steady = bench.simple("s");
    byte[] request = client().write(0, 0, 0, new byte[MIB]).bytes();
    int half = request.length / 2;
    steady.send(java.util.Arrays.copyOf(request, half));
    for (int second = 0; second < 100; second++) {
      bench.connections.tick();
      steady.send(java.util.Arrays.copyOfRange(request, half, request.length));
      steady.send(java.util.Arrays.copyOf(request, half));
    }
    assertTrue(steady.open());
    ServerBytes received = steady.received();
    for (int second = 0; second < 100; second++) {
      assertEquals(0, received.reply().error());
    }
  }

  @Test
  void refusesConnectionsBeyondTheirNumber() {
    List<Bench.Client> clients = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      clients.add(bench.connect());
    }
    assertEquals(20, clients.stream().filter(Bench.Client::open).count());
    assertEquals(10, bench.connections.statistics().refused());
    clients.getFirst().vanish();
    assertTrue(bench.connect().open());
  }

  @Test
  void endsNegotiationsThatNeverFinish() {
    Bench.Client silent = bench.connect();
    Bench.Client trickling = bench.connect();
    trickling.send(client().flags(3));
    Bench.Client done = bench.simple("s");
    for (int second = 0; second < 31; second++) {
      trickling.send(new byte[] {0x49});
      for (Bench.Client each : List.of(silent, trickling, done)) {
        each.channel.advanceTimeBy(1, TimeUnit.SECONDS);
      }
      bench.run();
    }
    assertFalse(silent.open());
    assertFalse(trickling.open());
    assertTrue(done.open());
  }

  @Test
  void negotiatesNoFasterThanTheClientReads() {
    Bench many = new Bench(FixedDirectory.of(new MemoryExport("n".repeat(4000), SIZE)));
    Bench.Client client = many.connect();
    client.reading(false);
    ClientBytes listing = client().flags(3);
    for (int i = 0; i < 4000; i++) {
      listing.option(OPT_LIST);
    }
    client.send(listing);
    assertTrue(client.blocked());
    assertTrue(many.memory() < 9 * MIB, () -> many.memory() + " bytes");
    client.reading(true);
    ServerBytes received = client.received().greeting();
    for (int i = 0; i < 4000; i++) {
      assertEquals(2, received.optionReplies().size());
    }
    received.end();
    client.vanish();
    assertEquals(List.of(), many.thrown);
  }

  @Test
  void tellsTheClientsOfAShutExportAndClosesThem() {
    Bench.Client writer = bench.modern("m");
    Bench.Client other = bench.modern("s");
    writer.send(client().write(0, 1, 0, new byte[512]).request(0, CMD_FLUSH, 2, 0, 0));
    writer.send(client().request(0, CMD_WRITE, 3, 0, 512));
    bench.connections.shut("m", "another site leads");
    bench.run();
    ServerBytes received = writer.received();
    for (int i = 0; i < 2; i++) {
      Reply reply = received.reply();
      assertEquals(NbdError.ESHUTDOWN.code(), reply.error());
      assertTrue(new String(reply.payload()).endsWith("another site leads"));
    }
    received.end();
    assertFalse(writer.open());
    assertTrue(other.open());
    assertEquals(0, memory.closed() - 1, "the export still has two requests");
    held.release();
    bench.run();
    assertEquals(2, memory.closed());
    other.send(client().write(0, 9, 0, new byte[1]));
    assertEquals(0, other.received().reply().error());
  }

  @Test
  void hidesAShutExportUntilItIsReopened() {
    bench.connections.shut("m", "fenced");
    Bench.Client client = bench.connect();
    client.send(client().flags(3).go("m").go("").option(OPT_LIST).exportName("m"));
    ServerBytes received = client.received().greeting();
    assertEquals(REP_ERR_UNKNOWN, received.optionReply().type());
    assertEquals(REP_ERR_UNKNOWN, received.optionReply().type());
    assertEquals(2, received.optionReplies().size());
    assertFalse(client.open());
    bench.connections.reopen("m");
    assertTrue(bench.simple("m").open());
  }

  @Test
  void drainsRequestsInProgressAndRefusesNewOnes() {
    Bench.Client busy = bench.modern("m");
    Bench.Client idle = bench.modern("s");
    Bench.Client inPayload = bench.modern("s");
    busy.send(client().write(0, 1, 0, new byte[] {1}));
    inPayload.send(client().request(0, CMD_WRITE, 1, 0, 10).raw(new byte[5]));
    List<String> drained = new ArrayList<>();
    bench.connections.drain(() -> drained.add("drained"));
    bench.run();
    assertFalse(idle.open());
    busy.send(client().write(0, 2, 0, new byte[] {1}));
    assertEquals(NbdError.ESHUTDOWN.code(), busy.received().reply().error());
    inPayload.send(new byte[5]);
    assertEquals(NbdError.ESHUTDOWN.code(), inPayload.received().reply().error());
    assertFalse(inPayload.open());
    held.release();
    bench.run();
    Reply reply = busy.received().reply();
    assertEquals(1, reply.cookie());
    assertEquals(0, reply.error());
    assertFalse(busy.open());
    assertEquals(List.of("drained"), drained);
    assertFalse(bench.connect().open());
  }

  @Test
  void endsADrainThatTakesTooLong() {
    Bench.Client busy = bench.modern("m");
    Bench.Client negotiating = bench.connect();
    busy.send(client().write(0, 1, 0, new byte[] {1}));
    List<String> drained = new ArrayList<>();
    bench.connections.drain(() -> drained.add("drained"));
    negotiating.received();
    negotiating.send(client().flags(3).option(OPT_LIST));
    assertEquals(REP_ERR_SHUTDOWN, negotiating.received().optionReply().type());
    bench.connections.drainNow();
    bench.run();
    assertEquals(NbdError.ESHUTDOWN.code(), busy.received().reply().error());
    assertEquals(List.of("drained"), drained);
  }

  @Test
  void anExportThatRepliesTwiceStopsTheServer() {
    Bench broken = new Bench(FixedDirectory.of(new TwiceReplying(memory)));
    Bench.Client client = broken.simple("m");
    client.send(client().request(0, CMD_FLUSH, 1, 0, 0));
    assertEquals(1, broken.thrown.size());
  }

  private static final class TwiceReplying extends ForwardingExport {
    TwiceReplying(MemoryExport inner) {
      super(inner);
    }

    @Override
    public void flush(Reply reply) {
      reply.done();
      reply.done();
    }
  }
}

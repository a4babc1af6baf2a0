package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.appliance.export.FixedDirectory;
import dev.farshore.appliance.export.MemoryExport;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Clients that break the protocol, or abuse it, on real sockets; an honest one runs beside them.
 */
@Timeout(LoopbackServer.WATCHDOG_SECONDS)
class HostileClientTest {

  private static final int MIB = 1 << 20;
  private static final long SIZE = 64L << 20;
  private static final NbdLimits LIMITS =
      new NbdLimits(
          3000, new CreditLimits(40 * MIB, 16 * MIB, 40 * MIB, 4 * MIB, 32 << 10), 2, 1, 1);

  private final MemoryExport memory = new MemoryExport("m", SIZE);
  private final LoopbackServer serving =
      new LoopbackServer(FixedDirectory.of(memory), LIMITS, LoopbackServer.anyPort());
  private final SocketAddress address = serving.address();

  @AfterEach
  void theServerIsWell() throws IOException {
    try (NbdSocket honest = NbdSocket.modern(address, "m")) {
      roundTrip(honest, 4096);
    }
    until(seen -> seen.connections() == 0);
    assertEquals(0, serving.statistics().creditBytes());
    serving.close();
  }

  private void until(Predicate<NbdStatistics> reached) {
    while (!reached.test(serving.statistics())) {
      Thread.onSpinWait();
    }
  }

  private static void roundTrip(NbdSocket honest, int length) throws IOException {
    byte[] data = new byte[length];
    data[length - 1] = 9;
    honest.send(new ClientBytes().write(0, 5, 8, data));
    assertEquals(0, honest.receive(SIMPLE_REPLY_BYTES).reply().error());
    honest.send(new ClientBytes().request(CMD_FLAG_DF, CMD_READ, 6, 8, length));
    var reply = honest.receive(ReplyEncoder.DATA_CHUNK_OVERHEAD + length).reply();
    assertEquals(9, reply.payload()[8 + length - 1]);
  }

  @Test
  void thousandsOfSilentConnectionsAreShedAndOthersServed() throws IOException {
    List<NbdSocket> silent = new ArrayList<>();
    try (NbdSocket honest = NbdSocket.modern(address, "m")) {
      long before = PlatformDependent.usedDirectMemory();
      for (int i = 0; i < 2500; i++) {
        silent.add(new NbdSocket(address));
        if (i % 500 == 0) {
          roundTrip(honest, MIB);
        }
      }
      until(seen -> seen.accepted() >= 2501);
      long grown = PlatformDependent.usedDirectMemory() - before;
      assertTrue(grown < 128L * MIB, () -> grown + " bytes");
      until(seen -> seen.connections() == 1);
      roundTrip(honest, MIB);
    }
    assertEquals(2500, serving.statistics().negotiationTimeouts());
    for (NbdSocket each : silent) {
      each.abort();
    }
  }

  @Test
  void connectionsBeyondTheLimitAreClosedAtOnce() throws IOException {
    List<NbdSocket> clients = new ArrayList<>();
    for (int i = 0; i < LIMITS.connections(); i++) {
      clients.add(new NbdSocket(address));
    }
    // More than a hundred, if some of the first have been shed for their silence by now.
    while (serving.statistics().refused() < 100) {
      clients.add(new NbdSocket(address));
    }
    for (NbdSocket each : clients) {
      each.abort();
    }
    until(seen -> seen.connections() == 0);
  }

  @Test
  void aClientThatNeverReadsIsCutOnceOthersNeedItsCredit() throws IOException {
    NbdSocket greedy = NbdSocket.modern(address, "m");
    ClientBytes reads = new ClientBytes();
    for (int cookie = 0; cookie < 8; cookie++) {
      reads.request(CMD_FLAG_DF, CMD_READ, cookie, 0, MAX_PAYLOAD_BYTES);
    }
    greedy.send(reads);
    until(seen -> seen.creditBytes() > 32 * MIB);
    try (NbdSocket honest = NbdSocket.modern(address, "m")) {
      for (int i = 0; i < 100; i++) {
        roundTrip(honest, MIB);
      }
      assertEquals(2, serving.statistics().connections());
      roundTrip(honest, MAX_PAYLOAD_BYTES);
      until(seen -> seen.connections() == 1);
    }
    assertEquals(1, serving.statistics().stalled());
    greedy.abort();
  }

  @Test
  void writesThatAreCutInTheirPayloadHaveNoEffect() throws IOException {
    for (int i = 0; i < 50; i++) {
      NbdSocket cut = NbdSocket.modern(address, "m");
      byte[] part = new byte[1 + i * 17_000];
      java.util.Arrays.fill(part, (byte) 7);
      cut.send(new ClientBytes().request(0, CMD_WRITE, 1, 0, MIB).raw(part));
      if (i % 2 == 0) {
        cut.abort();
      } else {
        cut.close();
      }
    }
    until(seen -> seen.connections() == 0);
    assertArrayEquals(new byte[MIB], serving.onLoop(() -> memory.bytes(0, MIB)));
  }

  @Test
  void garbageIsAnsweredByHangingUp() throws IOException {
    try (NbdSocket badMagic = NbdSocket.modern(address, "m")) {
      badMagic.send(new byte[REQUEST_BYTES]);
      badMagic.receiveAll().end();
    }
    try (NbdSocket badOption = new NbdSocket(address)) {
      badOption.send(new ClientBytes().flags(3).raw(new byte[16]));
      badOption.receiveAll().greeting().end();
    }
    try (NbdSocket badFlags = new NbdSocket(address)) {
      badFlags.send(new ClientBytes().flags(-1));
      badFlags.receiveAll().greeting().end();
    }
    until(seen -> seen.violations() == 3);
  }

  @Test
  void aHandshakeThatTricklesIsEndedInTime() throws IOException {
    try (NbdSocket slow = new NbdSocket(address)) {
      slow.send(new ClientBytes().flags(3).optionHeader(OPT_GO, 0xffff_ffffL));
      slow.receiveAll().greeting().end();
    }
    assertEquals(1, serving.statistics().negotiationTimeouts());
  }

  @Test
  void manyRequestsInOneGoAreAllAnswered() throws IOException {
    int count = 100_000;
    try (NbdSocket flood = NbdSocket.modern(address, "m")) {
      Thread sender =
          Thread.ofVirtual()
              .start(
                  () -> {
                    ClientBytes requests = new ClientBytes();
                    for (int i = 0; i < count; i++) {
                      requests.request(0, i % 2 == 0 ? CMD_FLUSH : 99, i, 0, 0);
                    }
                    try {
                      flood.send(requests);
                    } catch (IOException cause) {
                      throw new java.io.UncheckedIOException(cause);
                    }
                  });
      for (int i = 0; i < count; i += 2) {
        assertEquals(i, flood.receive(SIMPLE_REPLY_BYTES).reply().cookie());
        int length = flood.receive(CHUNK_HEADER_BYTES).bytes().getInt(16);
        flood.receive(length);
      }
      sender.join();
    } catch (InterruptedException cause) {
      throw new AssertionError(cause);
    }
  }
}

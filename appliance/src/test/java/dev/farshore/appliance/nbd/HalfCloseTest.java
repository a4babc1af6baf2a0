package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.appliance.export.FixedDirectory;
import dev.farshore.appliance.export.MemoryExport;
import dev.farshore.appliance.nbd.ServerBytes.Reply;
import io.netty.util.internal.PlatformDependent;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Clients that finish sending, or vanish, while the server does not read from them: what they asked
 * for before is answered, and nothing of them is left.
 */
@Timeout(LoopbackServer.WATCHDOG_SECONDS)
class HalfCloseTest {

  private static final int MIB = 1 << 20;
  private static final int WRITES = 100;
  private static final NbdLimits LIMITS =
      new NbdLimits(
          100, new CreditLimits(40L * MIB, 2L * MIB, 40L * MIB, MIB, 32L << 10), 60, 60, 5);

  /** How a client and the server meet. */
  enum Meeting {
    EPOLL_TCP,
    EPOLL_UNIX,
    NIO_TCP
  }

  private final MemoryExport memory = new MemoryExport("m", 128L * MIB);
  private final HeldExport held = new HeldExport(memory);

  @TempDir private Path directory;

  private LoopbackServer serve(Meeting meeting) {
    SocketAddress address =
        meeting == Meeting.EPOLL_UNIX
            ? LoopbackServer.unix(directory.resolve("nbd.sock"))
            : LoopbackServer.anyPort();
    return new LoopbackServer(
        meeting == Meeting.NIO_TCP ? LoopbackServer.newNioLoop() : LoopbackServer.newLoop(),
        FixedDirectory.of(held),
        LIMITS,
        address);
  }

  private static void until(LoopbackServer serving, Predicate<NbdStatistics> reached) {
    while (!reached.test(serving.statistics())) {
      Thread.onSpinWait();
    }
  }

  private void releaseAll(LoopbackServer serving) {
    serving.onLoop(
        () -> {
          held.release();
          return 0;
        });
  }

  private static byte[] block(int index) {
    byte[] block = new byte[MIB];
    Arrays.fill(block, (byte) (index + 1));
    return block;
  }

  /** More than there is credit for, from a thread of its own. */
  private static Thread sendWrites(NbdSocket socket, ClientBytes behind) {
    return Thread.ofVirtual()
        .start(
            () -> {
              try {
                for (int i = 0; i < WRITES; i++) {
                  socket.send(new ClientBytes().write(0, i, (long) i * MIB, block(i)));
                }
                socket.send(behind);
                socket.finish();
              } catch (IOException cause) {
                throw new java.io.UncheckedIOException(cause);
              }
            });
  }

  private static boolean full(NbdStatistics seen) {
    return seen.creditBytes() > 38L * MIB;
  }

  private void nothingIsLeft(LoopbackServer serving) {
    until(serving, seen -> seen.connections() == 0);
    assertEquals(0, serving.statistics().creditBytes());
    assertEquals(List.of(), List.copyOf(serving.thrown));
  }

  @ParameterizedTest
  @EnumSource(Meeting.class)
  void writesBeforeAHalfCloseAreAllAnswered(Meeting meeting) throws Exception {
    for (ClientBytes behind :
        List.of(new ClientBytes(), new ClientBytes().request(0, CMD_DISC, 0, 0, 0))) {
      try (LoopbackServer serving = serve(meeting);
          NbdSocket socket = NbdSocket.modern(serving.address(), "m")) {
        Thread sender = sendWrites(socket, behind);
        until(serving, HalfCloseTest::full);
        expect(serving, socket, WRITES, SIMPLE_REPLY_BYTES);
        sender.join();
        for (int i = 0; i < WRITES; i++) {
          int at = i;
          assertArrayEquals(block(i), serving.onLoop(() -> memory.bytes((long) at * MIB, MIB)));
        }
      }
    }
  }

  /** Lets the export reply until the client has all of {@code replies}, and then the end. */
  private void expect(LoopbackServer serving, NbdSocket socket, int replies, int replyBytes)
      throws Exception {
    CompletableFuture<Integer> receiver =
        CompletableFuture.supplyAsync(() -> receive(socket, replies, replyBytes));
    while (!receiver.isDone()) {
      releaseAll(serving);
    }
    assertEquals(replies, receiver.get());
    nothingIsLeft(serving);
  }

  private static int receive(NbdSocket socket, int replies, int replyBytes) {
    try {
      for (int i = 0; i < replies; i++) {
        Reply reply = socket.receive(replyBytes).reply();
        assertEquals(i, reply.cookie());
        assertEquals(0, reply.error());
      }
      socket.receiveAll().end();
      return replies;
    } catch (IOException cause) {
      throw new java.io.UncheckedIOException(cause);
    }
  }

  /** The last writes lie in the kernel, the client has finished, and only then replies begin. */
  @ParameterizedTest
  @EnumSource(Meeting.class)
  void aHalfCloseDuringAPauseLosesNothing(Meeting meeting) throws Exception {
    try (LoopbackServer serving = serve(meeting);
        NbdSocket socket = NbdSocket.modern(serving.address(), "m")) {
      ClientBytes small = new ClientBytes();
      for (int i = 0; i < 4; i++) {
        socket.send(new ClientBytes().write(0, i, 0, new byte[10 * MIB - 1024]));
      }
      until(serving, HalfCloseTest::full);
      long before = PlatformDependent.usedDirectMemory();
      for (int i = 4; i < 24; i++) {
        small.write(0, i, 0, new byte[8 << 10]);
      }
      socket.send(small);
      socket.finish();
      until(serving, seen -> seen.requests() > 4);
      assertTrue(PlatformDependent.usedDirectMemory() - before <= 4L * MIB);
      expect(serving, socket, 24, SIMPLE_REPLY_BYTES);
    }
  }

  /** More than the sockets hold, so that the server has to wait until it may send more. */
  @ParameterizedTest
  @EnumSource(Meeting.class)
  void repliesThatFillTheSocketArriveAfterAHalfClose(Meeting meeting) throws Exception {
    try (LoopbackServer serving = serve(meeting);
        NbdSocket socket = NbdSocket.modern(serving.address(), "m")) {
      ClientBytes reads = new ClientBytes();
      for (int i = 0; i < 60; i++) {
        reads.request(CMD_FLAG_DF, CMD_READ, i, 0, MIB);
      }
      socket.send(reads.request(0, CMD_DISC, 0, 0, 0));
      socket.finish();
      expect(serving, socket, 60, ReplyEncoder.DATA_CHUNK_OVERHEAD + MIB);
    }
  }

  @ParameterizedTest
  @EnumSource(Meeting.class)
  void clientsThatVanishDuringAPauseLeaveNothing(Meeting meeting) throws Exception {
    try (LoopbackServer serving = serve(meeting)) {
      for (int round = 0; round < 4; round++) {
        NbdSocket socket = NbdSocket.modern(serving.address(), "m");
        for (int i = 0; i < 4; i++) {
          socket.send(new ClientBytes().write(0, i, 0, new byte[10 * MIB - 1024]));
        }
        until(serving, HalfCloseTest::full);
        socket.send(new ClientBytes().write(0, 4, 0, new byte[64 << 10]));
        if (round % 2 == 0) {
          socket.close();
        } else {
          socket.abort();
        }
        while (serving.statistics().connections() > 0) {
          releaseAll(serving);
        }
        // A connection that is reset may be gone before what it had begun.
        releaseAll(serving);
        nothingIsLeft(serving);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Meeting.class)
  void aPayloadThatIsCutByAHalfCloseIsDroppedAndTheRestIsAnswered(Meeting meeting)
      throws Exception {
    try (LoopbackServer serving = serve(meeting);
        NbdSocket socket = NbdSocket.modern(serving.address(), "m")) {
      socket.send(new ClientBytes().write(0, 0, 0, new byte[] {1}));
      socket.send(new ClientBytes().request(0, CMD_WRITE, 1, 8, MIB).raw(new byte[600_000]));
      socket.finish();
      until(serving, seen -> seen.requests() == 2);
      expect(serving, socket, 1, SIMPLE_REPLY_BYTES);
      assertArrayEquals(
          new byte[] {1, 0, 0, 0, 0, 0, 0, 0, 0}, serving.onLoop(() -> memory.bytes(0, 9)));
    }
  }

  @Test
  void aHandshakeThatIsHalfClosedIsAnsweredAndEnded() throws Exception {
    try (LoopbackServer serving = serve(Meeting.EPOLL_TCP);
        NbdSocket socket = new NbdSocket(serving.address())) {
      socket.send(
          new ClientBytes()
              .flags(ClientBytes.MODERN)
              .option(OPT_LIST)
              .option(OPT_STRUCTURED_REPLY));
      socket.finish();
      ServerBytes received = socket.receiveAll();
      received.greeting();
      assertEquals(REP_SERVER, received.optionReply().type());
      assertEquals(REP_ACK, received.optionReply().type());
      assertEquals(REP_ACK, received.optionReply().type());
      received.end();
      nothingIsLeft(serving);
    }
  }
}

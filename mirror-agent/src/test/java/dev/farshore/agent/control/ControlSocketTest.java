package dev.farshore.agent.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.farshore.agent.status.Role;
import dev.farshore.agent.status.Verdict;
import java.io.IOException;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ControlSocketTest {
  @TempDir Path directory;
  private Path socket;
  private FakeSite site;
  private ControlServer server;

  @BeforeEach
  void listen() throws IOException {
    socket = directory.resolve("control.sock");
    site = new FakeSite("west", Role.PRIMARY, Verdict.HEALTHY);
    server = ControlServer.listen(socket, site);
  }

  @AfterEach
  void close() throws IOException {
    server.close();
  }

  private Answer<JsonNode> ask(Request request, List<String> progress) throws IOException {
    try (ControlClient client = ControlClient.connect(socket)) {
      return client.ask(request, progress::add);
    }
  }

  private static JsonNode given(Answer<JsonNode> answer) {
    return assertInstanceOf(Answer.Given.class, answer, answer.toString()).value()
            instanceof JsonNode node
        ? node
        : null;
  }

  @Test
  void statusComesAsJsonAndAsText() throws IOException {
    JsonNode result = given(ask(new Request.Status(), new ArrayList<>()));
    assertEquals("west", result.path("status").path("site").asText());
    assertTrue(result.path("text").asText().contains("site: west"));
  }

  @Test
  void progressComesBeforeTheAnswer() throws IOException {
    List<String> progress = new ArrayList<>();
    JsonNode result = given(ask(new Request.Promote("main", true), progress));
    assertEquals(List.of("step 1", "step 2", "step 3"), progress);
    assertEquals("leads by force", result.path("text").asText());
    assertEquals(10, result.path("lsn").asLong());
  }

  @Test
  void aFloodOfProgressNeverCostsTheAnswer() throws IOException {
    site.progressMessages(100_000);
    List<String> progress = new ArrayList<>();
    given(ask(new Request.Promote("main", false), progress));
    assertTrue(progress.size() >= 256, "got " + progress.size());
  }

  @Test
  void refusalsKeepTheirReason() throws IOException {
    Answer<JsonNode> answer = ask(new Request.RemoveVolume("other", "v"), new ArrayList<>());
    assertEquals(Answer.refused(Answer.Reason.NOT_FOUND, "there is no group 'other'"), answer);
  }

  @Test
  void anOperationThatBreaksIsAnsweredAsFailed() throws IOException {
    Answer.Refused<?> refused =
        assertInstanceOf(
            Answer.Refused.class, ask(new Request.ResizeVolume("main", "v", 1), new ArrayList<>()));
    assertEquals(Answer.Reason.FAILED, refused.reason());
    assertTrue(refused.text().contains("broken on purpose"));
  }

  @Test
  void manyRequestsGoOverOneConnection() throws IOException {
    try (ControlClient client = ControlClient.connect(socket)) {
      for (int i = 0; i < 100; i++) {
        given(client.ask(new Request.CreateVolume("main", "v" + i, 1L << 40), text -> {}));
      }
    }
    assertEquals("create main/v99 1099511627776", site.changes().get(99));
  }

  @Test
  void stopIsAnsweredAndThenDone() throws Exception {
    given(ask(new Request.Stop(), new ArrayList<>()));
    assertTrue(site.stopped().await(30, TimeUnit.SECONDS));
  }

  @Test
  void theSocketIsForItsOwnerOnly() throws IOException {
    assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)));
  }

  @Test
  void aSecondSiteOnTheSameSocketIsRefusedAndADeadOnesFileIsReplaced() throws IOException {
    assertThrows(IOException.class, () -> ControlServer.listen(socket, site));
    given(ask(new Request.Status(), new ArrayList<>()));
    server.close();
    assertFalse(Files.exists(socket));
    Files.createFile(socket);
    server = ControlServer.listen(socket, site);
    given(ask(new Request.Status(), new ArrayList<>()));
  }

  @Test
  void aDeepDirectoryIsReachedByItsRelativePathOrRefusedWithAdvice() throws IOException {
    Path deep = directory.resolve("d".repeat(120)).resolve("control.sock");
    Files.createDirectories(deep.getParent());
    IOException refusal = assertThrows(IOException.class, () -> ControlServer.listen(deep, site));
    assertTrue(refusal.getMessage().contains("control-socket"), refusal.getMessage());
  }

  @Test
  void garbageIsRefusedOrDisconnectedAndOthersDoNotNotice() throws IOException {
    Random random = new Random(3);
    byte[] good =
        new Request.Promote("main", false).toJson().toString().getBytes(StandardCharsets.UTF_8);
    for (int round = 0; round < 300; round++) {
      byte[] body = good.clone();
      body[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
      int announced = round % 10 == 0 ? random.nextInt() : body.length;
      int cut = round % 7 == 0 ? random.nextInt(body.length) : body.length;
      ByteBuffer frame = ByteBuffer.allocate(4 + cut);
      frame.putInt(announced).put(body, 0, cut).flip();
      try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
        channel.connect(UnixDomainSocketAddress.of(socket));
        channel.write(frame);
        if (round % 3 == 0) {
          channel.shutdownOutput();
          channel.read(ByteBuffer.allocate(4096));
        }
      } catch (SocketException reset) {
        // The server closed while bytes of ours were unread: as good an end as any.
      }
    }
    given(ask(new Request.Status(), new ArrayList<>()));
  }

  @Test
  void tooManyConnectionsAreTurnedAwayAndRoomComesBack() throws IOException {
    List<SocketChannel> idle = new ArrayList<>();
    for (int i = 0; i < ControlServer.CONNECTIONS_MAX + 10; i++) {
      SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
      channel.connect(UnixDomainSocketAddress.of(socket));
      idle.add(channel);
    }
    // The last ones were accepted and closed at once.
    assertEquals(-1, idle.getLast().read(ByteBuffer.allocate(1)));
    for (SocketChannel channel : idle) {
      channel.close();
    }
    while (true) {
      try {
        given(ask(new Request.Status(), new ArrayList<>()));
        return;
      } catch (IOException turnedAway) {
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void aRequestOfAnotherVersionIsRefused() throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket));
      Frames.write(channel, new Request.Status().toJson().put("version", 2));
      JsonNode reply = Frames.read(channel, Frames.REPLY_BYTES_MAX).orElseThrow();
      assertEquals("refused", reply.path("kind").asText());
      assertTrue(reply.path("text").asText().contains("version 1"));
    }
  }
}

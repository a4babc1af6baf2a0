package dev.farshore.link.tcp;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.netty.LoopOwner;
import dev.farshore.link.netty.Transport;
import dev.farshore.link.port.ControlNetwork;
import dev.farshore.link.port.ControlPort;
import dev.farshore.link.port.ControlSettings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a peer of bare sockets can do to a control network: close its own channel, nothing else. */
class HostilePeerTest {

  private static final byte[] PREFACE = HexFormat.of().parseHex("4653435400010000");
  private static final long MILLIS = 1_000_000;

  private static final class Accepted implements ControlPort.Handler {
    final List<ByteBuffer> messages = new ArrayList<>();
    final List<String> closed = new ArrayList<>();
    ControlPort port;

    @Override
    public void onMessage(ByteBuffer message) {
      messages.add(ByteBuffer.allocate(message.remaining()).put(message).flip());
    }

    @Override
    public void onClosed(String reason) {
      closed.add(reason);
    }
  }

  private final LoopOwner owner = new LoopOwner(Transport.best());
  private final ControlSettings settings =
      new ControlSettings(1_500 * MILLIS, 700 * MILLIS, 4 << 20);
  private final List<Accepted> accepted = new ArrayList<>();
  private ControlNetwork network;
  private InetSocketAddress listening;

  @BeforeEach
  void listen() {
    network = new TcpControlNetwork(owner.loop(), settings);
    var any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    listening = owner.call(() -> network.listen(any, this::accept));
  }

  @AfterEach
  void close() {
    owner.run(network::close);
    owner.close();
  }

  private void accept(ControlPort port) {
    Accepted taken = new Accepted();
    taken.port = port;
    port.handler(taken);
    accepted.add(taken);
  }

  private static byte[] frame(int kind, byte[] body) {
    ByteBuffer frame = ByteBuffer.allocate(8 + body.length);
    frame.putInt(kind << 24 | body.length).putInt(0).put(body).flip();
    CRC32C crc = new CRC32C();
    crc.update(frame.slice(0, 4));
    crc.update(body);
    return frame.putInt(4, (int) crc.getValue()).array();
  }

  private Socket say(byte[]... parts) throws IOException {
    Socket socket = new Socket(listening.getAddress(), listening.getPort());
    for (byte[] part : parts) {
      socket.getOutputStream().write(part);
    }
    return socket;
  }

  /** Reads what the network says until it ends the connection. */
  private static byte[] untilEnd(Socket socket) throws IOException {
    try {
      return socket.getInputStream().readAllBytes();
    } catch (IOException e) {
      assertEquals("Connection reset", e.getMessage());
      return new byte[0];
    }
  }

  private Accepted connectHonestly() {
    int before = accepted.size();
    owner.run(
        () ->
            network.connect(
                listening,
                new ControlNetwork.ConnectHandler() {
                  @Override
                  public void onConnected(ControlPort port) {
                    accept(port);
                  }

                  @Override
                  public void onFailed(String reason) {
                    throw new AssertionError(reason);
                  }
                }));
    owner.until("both ends", () -> accepted.size() == before + 2);
    return accepted.get(before);
  }

  @Test
  void bytesOnTheWireAreAsTheTableSays() throws IOException {
    byte[] body = "farshore".getBytes();
    try (Socket socket = say(PREFACE, frame(0, body))) {
      owner.until(
          "the message", () -> accepted.size() == 1 && accepted.get(0).messages.size() == 1);
      owner.run(() -> accepted.getFirst().port.send(ByteBuffer.wrap(body)));
      owner.run(() -> accepted.getFirst().port.close());
      byte[] said = socket.getInputStream().readNBytes(8 + 16);
      assertEquals(
          "4653435400010000" + "00000008" + "4f6d80f4" + HexFormat.of().formatHex(body),
          HexFormat.of().formatHex(said));
      assertArrayEquals(frame(0, body), HexFormat.of().parseHex("000000084f6d80f4" + hex(body)));
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void strangersAreClosedAndNobodyHearsOfThem() throws IOException {
    SplittableRandom random = new SplittableRandom(1);
    List<byte[]> greetings = new ArrayList<>();
    greetings.add("GET / HTTP/1.1\r\nHost: farshore\r\n\r\n".getBytes());
    greetings.add(HexFormat.of().parseHex("4653435400020000"));
    greetings.add(HexFormat.of().parseHex("4653435400010001"));
    for (int i = 0; i < 20; i++) {
      byte[] noise = new byte[8 + random.nextInt(10_000)];
      random.nextBytes(noise);
      greetings.add(noise);
    }
    for (byte[] greeting : greetings) {
      try (Socket socket = say(greeting)) {
        assertTrue(untilEnd(socket).length <= PREFACE.length);
      }
    }
    owner.settle();
    assertEquals(List.of(), accepted);
    assertTrue(connectHonestly().port.isOpen());
  }

  @Test
  void silentStrangerIsClosed() throws IOException {
    for (byte[] greeting : new byte[][] {{}, {0x46}, {0x46, 0x53, 0x43, 0x54, 0, 1, 0}}) {
      try (Socket socket = say(greeting)) {
        assertTrue(untilEnd(socket).length <= PREFACE.length);
      }
    }
    assertEquals(List.of(), accepted);
  }

  @Test
  void noBitFlipIsEverDelivered() throws IOException {
    byte[] body = {1, 2, 3, 4, 5};
    byte[] stream = concat(PREFACE, frame(0, body));
    int closed = 0;
    for (int bit = 0; bit < stream.length * 8; bit++) {
      byte[] flipped = stream.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      int before = accepted.size();
      try (Socket socket = say(flipped)) {
        socket.shutdownOutput();
        untilEnd(socket);
      }
      owner.until("its end", () -> accepted.stream().allMatch(one -> one.closed.size() == 1));
      closed += accepted.size() - before;
    }
    assertEquals(stream.length * 8 - 64, closed, "flips in a frame happen on an open channel");
    accepted.forEach(one -> assertEquals(List.of(), one.messages));
  }

  @Test
  void noTruncationIsEverDelivered() throws IOException {
    byte[] first = frame(0, new byte[] {1, 2, 3});
    byte[] stream = concat(concat(PREFACE, first), frame(0, new byte[] {4, 5}));
    for (int length = 0; length < stream.length; length++) {
      int before = accepted.size();
      try (Socket socket = say(Arrays.copyOf(stream, length))) {
        socket.shutdownOutput();
        untilEnd(socket);
      }
      boolean whole = length >= PREFACE.length + first.length;
      owner.until("its end", () -> accepted.stream().allMatch(one -> one.closed.size() == 1));
      assertEquals(length >= PREFACE.length ? before + 1 : before, accepted.size());
      if (length >= PREFACE.length) {
        assertEquals(whole ? 1 : 0, accepted.getLast().messages.size(), "cut at " + length);
      }
    }
  }

  @Test
  void framesThatMakeNoSenseCloseOnlyTheirChannel() throws IOException {
    Accepted honest = connectHonestly();
    byte[] huge = HexFormat.of().parseHex("00ffffff00000000");
    byte[] tooLarge = HexFormat.of().parseHex("0010000100000000");
    byte[] unknownKind = frame(7, new byte[0]);
    byte[] aliveWithBody = frame(1, new byte[] {1});
    for (byte[] bad : new byte[][] {huge, tooLarge, unknownKind, aliveWithBody}) {
      try (Socket socket = say(PREFACE, frame(0, new byte[] {9}), bad, frame(0, new byte[] {8}))) {
        untilEnd(socket);
      }
      owner.until("the end", () -> accepted.getLast().closed.size() == 1);
      assertEquals(1, accepted.getLast().messages.size(), "the message before it");
    }
    assertTrue(honest.port.isOpen());
    owner.run(() -> assertTrue(honest.port.send(ByteBuffer.allocate(10))));
    owner.until("a message", () -> accepted.stream().anyMatch(one -> isTen(one.messages)));
  }

  private static boolean isTen(List<ByteBuffer> messages) {
    return messages.size() == 1 && messages.getFirst().remaining() == 10;
  }

  @Test
  void silentPeerIsNoticedAndSignsOfLifeKeepTheChannel() throws IOException {
    try (Socket silent = say(PREFACE);
        Socket alive = say(PREFACE)) {
      owner.until("both channels", () -> accepted.size() == 2);
      Accepted first = accepted.get(0);
      Accepted second = accepted.get(1);
      for (int i = 0; i < 300 && first.closed.isEmpty(); i++) {
        alive.getOutputStream().write(frame(1, new byte[0]));
        int size = i;
        owner.settle();
        assertTrue(size < 299, "the silent one should have been noticed");
      }
      assertEquals(1, first.closed.size());
      assertEquals(List.of(), second.closed);
      byte[] said = alive.getInputStream().readNBytes(16);
      assertArrayEquals(concat(PREFACE, frame(1, new byte[0])), said, "and it says so itself");
      assertTrue(silent.isConnected());
    }
  }

  @Test
  void honestIdleChannelOutlivesItsPatience() {
    Accepted client = connectHonestly();
    for (long start = System.nanoTime(); System.nanoTime() - start < 3_500 * MILLIS; ) {
      owner.settle();
    }
    accepted.forEach(one -> assertEquals(List.of(), one.closed));
    assertTrue(client.port.isOpen());
  }

  @Test
  void resetBreaksTheChannel() throws IOException {
    Socket socket = say(PREFACE);
    owner.until("the channel", () -> accepted.size() == 1);
    socket.setSoLinger(true, 0);
    socket.close();
    owner.until("the end", () -> accepted.getFirst().closed.size() == 1);
  }

  @Test
  void peerThatNeverReadsCostsBoundedMemory() throws IOException {
    try (Socket socket = say(PREFACE)) {
      owner.until("the channel", () -> accepted.size() == 1);
      ControlPort port = accepted.getFirst().port;
      ByteBuffer large = ByteBuffer.allocate(ControlPort.MAX_MESSAGE_BYTES);
      int taken = 0;
      for (int refused = 0; refused < 20; ) {
        socket.getOutputStream().write(frame(1, new byte[0]));
        boolean sent = owner.call(() -> port.send(large));
        taken += sent ? 1 : 0;
        refused += sent ? 0 : 1;
      }
      // What may wait, and what two kernels' buffers hold.
      assertTrue(taken < 64, "took " + taken + " MiB");
      assertTrue(port.isOpen());
    }
  }

  @Test
  void thousandStrangersLeaveRoomForTheHonestOnceTheyAreGone() throws IOException {
    List<Socket> strangers = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      strangers.add(say());
    }
    for (Socket stranger : strangers) {
      assertTrue(untilEnd(stranger).length <= PREFACE.length);
      stranger.close();
    }
    assertFalse(connectHonestly().port.remoteAddress().isUnresolved());
  }

  @Test
  void listenerOfAnotherProtocolIsReported() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      List<String> failed = new ArrayList<>();
      owner.run(
          () ->
              network.connect(
                  (InetSocketAddress) other.getLocalSocketAddress(),
                  new ControlNetwork.ConnectHandler() {
                    @Override
                    public void onConnected(ControlPort port) {
                      failed.add("connected");
                    }

                    @Override
                    public void onFailed(String reason) {
                      failed.add(reason);
                    }
                  }));
      try (Socket socket = other.accept()) {
        socket.getOutputStream().write("220 mail ready\r\n".getBytes());
        owner.until("the failure", () -> !failed.isEmpty());
      }
      assertEquals(List.of("the other end does not speak this protocol"), failed);
    }
  }

  @Test
  void whatAHandlerThrowsReachesTheUncaughtExceptionHandler() throws IOException {
    List<Throwable> uncaught = new ArrayList<>();
    owner.run(
        () -> Thread.currentThread().setUncaughtExceptionHandler((thread, e) -> uncaught.add(e)));
    try (Socket socket = say(PREFACE)) {
      owner.until("the channel", () -> accepted.size() == 1);
      owner.run(() -> accepted.getFirst().port.handler(new Broken()));
      socket.getOutputStream().write(frame(0, new byte[] {1}));
      owner.until("the message's fault", () -> uncaught.size() == 1);
      owner.run(() -> accepted.getFirst().port.close());
      owner.until("the end's fault", () -> uncaught.size() == 2);
    }
    uncaught.forEach(e -> assertEquals("broken", e.getMessage()));
  }

  private static final class Broken implements ControlPort.Handler {
    @Override
    public void onMessage(ByteBuffer message) {
      throw new IllegalStateException("broken");
    }

    @Override
    public void onClosed(String reason) {
      throw new IllegalStateException("broken");
    }
  }

  private static byte[] concat(byte[] first, byte[] second) {
    return ByteBuffer.allocate(first.length + second.length).put(first).put(second).array();
  }
}

package dev.farshore.link.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every form of {@link ControlNetwork} and {@link ControlPort} promises. */
public abstract class ControlNetworkContract {

  /** Keeps what it is told. */
  protected final class Recorder implements ControlPort.Handler, ControlNetwork.ConnectHandler {
    public final List<ByteBuffer> messages = new ArrayList<>();
    public final List<String> closed = new ArrayList<>();
    public final List<String> failed = new ArrayList<>();
    public ControlPort port;

    @Override
    public void onConnected(ControlPort connected) {
      assertTrue(owner.isOwnerThread());
      port = connected;
      connected.handler(this);
    }

    @Override
    public void onFailed(String reason) {
      assertTrue(owner.isOwnerThread());
      failed.add(reason);
    }

    @Override
    public void onMessage(ByteBuffer message) {
      assertTrue(owner.isOwnerThread());
      assertEquals(List.of(), closed, "no message after the end");
      messages.add(ByteBuffer.allocate(message.remaining()).put(message).flip());
    }

    @Override
    public void onClosed(String reason) {
      assertTrue(owner.isOwnerThread());
      closed.add(reason);
    }
  }

  protected Owner owner;
  protected ControlNetwork network;
  protected InetSocketAddress listening;
  protected final List<Recorder> accepted = new ArrayList<>();

  protected abstract Owner owner();

  /** A network owned by {@code owner}; called on its thread. */
  protected abstract ControlNetwork network(Owner owner);

  /** Where to listen: any free port. */
  protected abstract InetSocketAddress anyPort(Owner owner);

  @BeforeEach
  void listen() {
    owner = owner();
    network = owner.call(() -> network(owner));
    listening = owner.call(() -> network.listen(anyPort(owner), this::accept));
  }

  @AfterEach
  void close() {
    owner.run(network::close);
    owner.settle();
    owner.close();
  }

  private void accept(ControlPort port) {
    Recorder recorder = new Recorder();
    recorder.onConnected(port);
    accepted.add(recorder);
  }

  protected Recorder connect() {
    Recorder recorder = new Recorder();
    int before = accepted.size();
    owner.run(
        () -> {
          network.connect(listening, recorder);
          assertEquals(null, recorder.port, "never from within the call");
        });
    owner.until("a connection", () -> recorder.port != null && accepted.size() > before);
    return recorder;
  }

  protected static ByteBuffer random(int bytes, long seed) {
    byte[] content = new byte[bytes];
    new SplittableRandom(seed).nextBytes(content);
    return ByteBuffer.wrap(content);
  }

  @Test
  void messagesArriveWholeAndInOrderBothWays() {
    Recorder client = connect();
    Recorder server = accepted.getFirst();
    List<ByteBuffer> messages = new ArrayList<>();
    for (int bytes : new int[] {0, 1, 5, 65_535, 3, ControlPort.MAX_MESSAGE_BYTES, 0, 100}) {
      messages.add(random(bytes, bytes));
    }
    owner.run(() -> messages.forEach(message -> assertTrue(client.port.send(message))));
    owner.run(() -> messages.forEach(message -> assertTrue(server.port.send(message))));
    owner.until("all messages", () -> server.messages.size() + client.messages.size() == 16);
    assertEquals(messages, server.messages);
    assertEquals(messages, client.messages);
    assertTrue(client.port.isOpen());
    assertEquals(listening, client.port.remoteAddress());
  }

  @Test
  void sendLeavesTheBufferAsItWasAndCopiesIt() {
    Recorder client = connect();
    ByteBuffer message = ByteBuffer.allocateDirect(100).putInt(10, 1).position(10).limit(14);
    owner.run(
        () -> {
          client.port.send(message);
          assertEquals(10, message.position());
          assertEquals(14, message.limit());
          client.port.send(message.putInt(10, 2).asReadOnlyBuffer());
        });
    owner.until("both messages", () -> accepted.getFirst().messages.size() == 2);
    assertEquals(1, accepted.getFirst().messages.get(0).getInt());
    assertEquals(2, accepted.getFirst().messages.get(1).getInt());
  }

  @Test
  void tooLargeAMessageIsAProgrammersError() {
    Recorder client = connect();
    ByteBuffer tooLarge = ByteBuffer.allocate(ControlPort.MAX_MESSAGE_BYTES + 1);
    owner.run(() -> assertThrows(IllegalArgumentException.class, () -> client.port.send(tooLarge)));
    assertTrue(client.port.isOpen());
  }

  @Test
  void manyChannelsDoNotMix() {
    List<Recorder> clients = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      clients.add(connect());
    }
    owner.run(
        () -> {
          for (int i = 0; i < 5; i++) {
            clients.get(i).port.send(random(4, i));
          }
        });
    owner.until(
        "one message each",
        () -> accepted.stream().allMatch(server -> server.messages.size() == 1));
    for (int i = 0; i < 5; i++) {
      assertEquals(random(4, i), accepted.get(i).messages.getFirst());
    }
  }

  @Test
  void refusesMoreThanMayWaitAndDeliversWhatItTook() {
    Recorder client = connect();
    int taken =
        owner.call(
            () -> {
              int count = 0;
              while (count < 1_000 && client.port.send(random(1 << 19, count))) {
                count++;
              }
              return count;
            });
    assertTrue(taken >= 2 && taken < 1_000, "taken " + taken);
    owner.until("all that was taken", () -> accepted.getFirst().messages.size() == taken);
    for (int i = 0; i < taken; i++) {
      assertEquals(random(1 << 19, i), accepted.getFirst().messages.get(i));
    }
    owner.until("room", () -> client.port.send(ByteBuffer.allocate(0)));
  }

  @Test
  void closeDeliversWhatWasSentAndTellsBothEndsOnce() {
    Recorder client = connect();
    Recorder server = accepted.getFirst();
    owner.run(
        () -> {
          for (int i = 0; i < 20; i++) {
            assertTrue(client.port.send(random(100_000, i)));
          }
          client.port.close();
          client.port.close();
          assertEquals(List.of(), client.closed, "never from within the call");
          assertFalse(client.port.isOpen());
          assertFalse(client.port.send(random(1, 1)));
        });
    owner.until("both ends closed", () -> client.closed.size() + server.closed.size() == 2);
    assertEquals(20, server.messages.size());
    owner.settle();
    assertEquals(1, client.closed.size());
    assertEquals(1, server.closed.size());
    assertFalse(server.port.isOpen());
    assertFalse(owner.call(() -> server.port.send(random(1, 1))));
  }

  @Test
  void connectsAgainAfterTheChannelBroke() {
    Recorder first = connect();
    owner.run(accepted.getFirst().port::close);
    owner.until("the end", () -> first.closed.size() == 1);
    Recorder second = connect();
    owner.run(() -> second.port.send(random(10, 1)));
    owner.until("a message", () -> accepted.get(1).messages.size() == 1);
  }

  @Test
  void connectingToNobodyFailsOnce() {
    Recorder listener = connect();
    assertNotNull(listener.port);
    ControlNetwork other = owner.call(() -> network(owner));
    InetSocketAddress gone =
        owner.call(
            () -> {
              InetSocketAddress at = other.listen(anyPort(owner), this::accept);
              other.close();
              return at;
            });
    owner.settle();
    Recorder client = new Recorder();
    owner.run(() -> network.connect(gone, client));
    owner.until("the failure", () -> !client.failed.isEmpty());
    owner.settle();
    assertEquals(1, client.failed.size());
    assertEquals(null, client.port);
  }

  @Test
  void portThatNobodyTakesIsClosed() {
    InetSocketAddress careless = owner.call(() -> network.listen(anyPort(owner), port -> {}));
    Recorder client = new Recorder();
    owner.run(() -> network.connect(careless, client));
    owner.until("the end", () -> client.closed.size() == 1);
  }

  @Test
  void takenAddressIsRefused() {
    owner.run(
        () ->
            assertThrows(
                UncheckedIOException.class, () -> network.listen(listening, this::accept)));
  }

  @Test
  void closedNetworkClosesItsChannelsAndAcceptsNoMore() {
    Recorder client = connect();
    ControlNetwork other = owner.call(() -> network(owner));
    Recorder outside = new Recorder();
    owner.run(() -> other.connect(listening, outside));
    owner.until("a connection", () -> outside.port != null);
    owner.run(network::close);
    owner.until("the ends", () -> client.closed.size() + outside.closed.size() == 2);
    Recorder late = new Recorder();
    owner.run(() -> other.connect(listening, late));
    owner.until("the failure", () -> late.failed.size() == 1);
    owner.run(other::close);
  }

  @Test
  void handlerMayCloseFromWithinAMessage() {
    Recorder client = connect();
    Recorder server = accepted.getFirst();
    owner.run(
        () ->
            server.port.handler(
                new ControlPort.Handler() {
                  @Override
                  public void onMessage(ByteBuffer message) {
                    server.onMessage(message);
                    server.port.close();
                  }

                  @Override
                  public void onClosed(String reason) {
                    server.onClosed(reason);
                  }
                }));
    owner.run(
        () -> {
          client.port.send(random(1, 1));
          client.port.send(random(1, 2));
        });
    owner.until("both ends closed", () -> client.closed.size() + server.closed.size() == 2);
    assertEquals(1, server.messages.size());
  }
}

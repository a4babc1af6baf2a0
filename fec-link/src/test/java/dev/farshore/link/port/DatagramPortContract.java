package dev.farshore.link.port;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.port.DatagramPort.SendOutcome;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every form of {@link DatagramPort} promises, over a path that loses nothing. */
public abstract class DatagramPortContract {

  private static final int MAX = 1_400;

  private record Received(InetSocketAddress from, byte[] bytes) {}

  private Owner owner;
  private DatagramPort left;
  private DatagramPort right;
  private final List<Received> atRight = new ArrayList<>();

  protected abstract Owner owner();

  /** Opens a port on any free number, owned by {@code owner}; called on its thread. */
  protected abstract DatagramPort open(Owner owner, int maxDatagramBytes);

  /** Whether the form learns of ICMP errors. */
  protected abstract boolean seesRefusals();

  @BeforeEach
  void openBoth() {
    owner = owner();
    left = owner.call(() -> open(owner, MAX));
    right = owner.call(() -> open(owner, MAX));
    owner.run(() -> right.handler(this::receive));
  }

  @AfterEach
  void closeBoth() {
    owner.run(left::close);
    owner.run(right::close);
    owner.close();
  }

  private void receive(InetSocketAddress from, ByteBuffer datagram) {
    keep(atRight, from, datagram);
  }

  private void keep(List<Received> received, InetSocketAddress from, ByteBuffer datagram) {
    assertTrue(owner.isOwnerThread());
    byte[] bytes = new byte[datagram.remaining()];
    datagram.get(bytes);
    received.add(new Received(from, bytes));
  }

  private static ByteBuffer random(int bytes, long seed) {
    byte[] content = new byte[bytes];
    new SplittableRandom(seed).nextBytes(content);
    return ByteBuffer.wrap(content);
  }

  private SendOutcome send(ByteBuffer datagram) {
    SendOutcome outcome = left.send(right.localAddress(), datagram);
    left.flush();
    return outcome;
  }

  private void untilReceived(int count) {
    owner.until(count + " datagrams", () -> atRight.size() >= count);
  }

  @Test
  void deliversADatagramWholeWithItsSender() {
    ByteBuffer datagram = random(MAX, 1);
    assertEquals(SendOutcome.SENT, owner.call(() -> send(datagram)));
    untilReceived(1);
    assertEquals(left.localAddress(), atRight.getFirst().from());
    assertEquals(datagram, ByteBuffer.wrap(atRight.getFirst().bytes()));
  }

  @Test
  void takesEveryKindOfBufferAndLeavesItAsItWas() {
    ByteBuffer direct = ByteBuffer.allocateDirect(300);
    ByteBuffer heap = ByteBuffer.allocate(300);
    for (ByteBuffer buffer : List.of(direct, heap, heap.duplicate().asReadOnlyBuffer())) {
      buffer.position(100).limit(200);
      owner.run(() -> send(buffer));
      assertEquals(100, buffer.position());
      assertEquals(200, buffer.limit());
    }
    untilReceived(3);
    atRight.forEach(received -> assertEquals(100, received.bytes().length));
  }

  @Test
  void buffersAreTheCallersAgainAtOnce() {
    ByteBuffer reused = ByteBuffer.allocateDirect(Integer.BYTES);
    owner.run(
        () -> {
          for (int i = 0; i < 20; i++) {
            left.send(right.localAddress(), reused.clear().putInt(i).flip());
          }
          left.flush();
        });
    untilReceived(20);
    TreeSet<Integer> numbers = new TreeSet<>();
    atRight.forEach(received -> numbers.add(ByteBuffer.wrap(received.bytes()).getInt()));
    assertEquals(20, numbers.size());
  }

  @Test
  void deliversManyBatchesWithoutLoss() {
    int batches = 50;
    for (int batch = 0; batch < batches; batch++) {
      int first = batch * 30;
      owner.run(
          () -> {
            for (int i = 0; i < 30; i++) {
              ByteBuffer numbered = ByteBuffer.allocate(1_000).putInt(0, first + i);
              assertEquals(SendOutcome.SENT, left.send(right.localAddress(), numbered));
            }
            left.flush();
          });
      untilReceived(first + 30);
    }
    TreeSet<Integer> numbers = new TreeSet<>();
    atRight.forEach(received -> numbers.add(ByteBuffer.wrap(received.bytes()).getInt()));
    assertEquals(batches * 30, numbers.size());
  }

  @Test
  void refusesWhatIsTooLargeOrEmpty() {
    assertEquals(SendOutcome.REFUSED, owner.call(() -> send(ByteBuffer.allocate(0))));
    assertEquals(SendOutcome.REFUSED, owner.call(() -> send(random(MAX + 1, 1))));
    assertEquals(SendOutcome.SENT, owner.call(() -> send(random(MAX, 2))));
    untilReceived(1);
    assertEquals(MAX, atRight.getFirst().bytes().length);
    assertEquals(MAX, left.maxDatagramBytes());
  }

  @Test
  void countsTheBytesThatItTakes() {
    owner.run(
        () -> {
          send(random(100, 1));
          left.send(right.localAddress(), random(MAX + 1, 2));
          left.send(right.localAddress(), random(11, 3));
        });
    assertEquals(111, owner.call(left::takenBytes));
  }

  @Test
  void deliversMixedSizesAndReceiversEachWhole() {
    DatagramPort third = owner.call(() -> open(owner, MAX));
    List<Received> atThird = new ArrayList<>();
    owner.run(() -> third.handler((from, datagram) -> keep(atThird, from, datagram)));
    SplittableRandom random = new SplittableRandom(9);
    List<ByteBuffer> toRight = new ArrayList<>();
    List<ByteBuffer> toThird = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      int bytes = random.nextInt(4) == 0 ? 1 + random.nextInt(MAX) : 1_000;
      ByteBuffer datagram = random(bytes, i);
      boolean right = random.nextInt(10) > 0;
      (right ? toRight : toThird).add(datagram);
      InetSocketAddress to = (right ? this.right : third).localAddress();
      owner.run(
          () -> {
            assertEquals(SendOutcome.SENT, left.send(to, datagram));
            if (random.nextInt(20) == 0) {
              left.flush();
            }
          });
    }
    owner.run(left::flush);
    owner.until("all", () -> atRight.size() + atThird.size() == 400);
    assertEquals(sorted(toRight), sorted(buffers(atRight)));
    assertEquals(sorted(toThird), sorted(buffers(atThird)));
    owner.run(third::close);
  }

  private static List<ByteBuffer> buffers(List<Received> received) {
    return received.stream().map(each -> ByteBuffer.wrap(each.bytes())).toList();
  }

  private static List<ByteBuffer> sorted(List<ByteBuffer> datagrams) {
    return datagrams.stream().sorted().toList();
  }

  @Test
  void dropsArrivalsThatAreTooLarge() {
    DatagramPort larger = owner.call(() -> open(owner, 3 * MAX));
    owner.run(
        () -> {
          for (int bytes : new int[] {MAX + 1, 2 * MAX, 3 * MAX, MAX}) {
            larger.send(right.localAddress(), random(bytes, bytes));
          }
          larger.flush();
        });
    untilReceived(1);
    owner.settle();
    assertEquals(List.of(MAX), atRight.stream().map(received -> received.bytes().length).toList());
    owner.run(larger::close);
  }

  @Test
  void neverCallsBackFromWithinACall() {
    owner.run(
        () -> {
          left.send(right.localAddress(), random(10, 1));
          left.flush();
          assertEquals(0, atRight.size());
        });
    untilReceived(1);
  }

  @Test
  void handlerMayAnswerAndClose() {
    owner.run(
        () -> {
          left.handler(this::receive);
          right.handler(
              (from, datagram) -> {
                right.send(from, datagram);
                right.flush();
                right.close();
              });
          send(random(77, 1));
        });
    untilReceived(1);
    assertEquals(77, atRight.getFirst().bytes().length);
  }

  @Test
  void queueEmptiesOnceEverythingHasLeft() {
    owner.run(
        () -> {
          for (int i = 0; i < 10; i++) {
            left.send(right.localAddress(), random(1_000, i));
          }
          left.flush();
        });
    owner.until("the queue to empty", () -> left.queuedBytes() <= 0);
    untilReceived(10);
  }

  @Test
  void goesOnAfterTheOtherHostRefusedAndCountsItIfItCan() {
    InetSocketAddress nobody = right.localAddress();
    owner.run(right::close);
    owner.settle();
    owner.run(
        () -> {
          left.send(nobody, random(100, 1));
          left.flush();
        });
    if (seesRefusals()) {
      owner.until("the refusal", () -> left.refusedLater() > 0);
    }
    DatagramPort other = owner.call(() -> open(owner, MAX));
    owner.run(() -> other.handler(this::receive));
    owner.run(
        () -> {
          assertEquals(SendOutcome.SENT, left.send(other.localAddress(), random(100, 1)));
          left.flush();
        });
    untilReceived(1);
    owner.run(other::close);
  }

  @Test
  void closedPortRefusesAndReceivesNothing() {
    owner.run(
        () -> {
          left.send(right.localAddress(), random(10, 1));
          left.flush();
          right.close();
          right.close();
        });
    owner.settle();
    assertEquals(List.of(), atRight);
    assertEquals(
        SendOutcome.REFUSED, owner.call(() -> right.send(left.localAddress(), random(10, 1))));
    owner.run(right::flush);
    assertFalse(right.localAddress().isUnresolved(), "still says where it was");
  }
}

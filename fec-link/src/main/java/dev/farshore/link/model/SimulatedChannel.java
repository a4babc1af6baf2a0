package dev.farshore.link.model;

import dev.farshore.link.port.ControlNetwork.ConnectHandler;
import dev.farshore.link.port.ControlPort;
import dev.farshore.link.port.ControlSettings;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * One end of a simulated control channel: numbered segments, acknowledged in order, sent again
 * until they are, over a path that loses, repeats and reorders.
 */
final class SimulatedChannel implements ControlPort {

  private static final long LEAST_RETRY_NANOS = 10_000_000;
  private static final long MOST_RETRY_NANOS = 2_000_000_000;
  private static final byte[] NOTHING = new byte[0];

  private enum State {
    CONNECTING,
    OPEN,
    /** Closed here; what was sent before still goes out. */
    FINISHING,
    GONE
  }

  private record Sent(Segment segment, long atNanos) {}

  private final SimulatedNetwork network;
  private final SimulatedHost host;
  private final InetSocketAddress local;
  private final InetSocketAddress remote;
  private final long id;
  private final SimulatedPath path;
  private final ControlSettings settings;
  private final int life;
  private final long sinceNanos;
  private final ArrayDeque<Sent> unacknowledged = new ArrayDeque<>();
  private final TreeMap<Long, Segment> early = new TreeMap<>();
  private ConnectHandler connectHandler;
  private Handler handler;
  private State state;
  private long nextNumber;
  private long expected;
  private long waitingBytes;
  private long lastHeardNanos;
  private long lastSentNanos;
  private long retryNanos;
  private long retryAfterNanos;
  private long timerNanos = Long.MAX_VALUE;

  private SimulatedChannel(
      SimulatedNetwork network,
      SimulatedHost host,
      InetSocketAddress local,
      InetSocketAddress remote,
      long id,
      State state) {
    this.network = network;
    this.host = host;
    this.local = local;
    this.remote = remote;
    this.id = id;
    this.state = state;
    this.path = host.pathTo(remote).orElseThrow();
    this.settings = network.controlSettings();
    this.life = host.life();
    this.sinceNanos = network.nowNanos();
    this.lastHeardNanos = sinceNanos;
    host.add(this);
  }

  static SimulatedChannel connecting(
      SimulatedNetwork network, SimulatedHost host, InetSocketAddress to, ConnectHandler handler) {
    InetSocketAddress local = host.address(host.ephemeralPort());
    var channel =
        new SimulatedChannel(network, host, local, to, network.newChannel(), State.CONNECTING);
    channel.connectHandler = handler;
    channel.enqueue(Segment.Kind.CONNECT, NOTHING);
    return channel;
  }

  static SimulatedChannel accepted(
      SimulatedNetwork network,
      SimulatedHost host,
      InetSocketAddress local,
      InetSocketAddress remote,
      long id) {
    var channel = new SimulatedChannel(network, host, local, remote, id, State.OPEN);
    channel.expected = 1;
    return channel;
  }

  void acceptedBy(Consumer<? super SimulatedChannel> listener) {
    enqueue(Segment.Kind.ACCEPT, NOTHING);
    listener.accept(this);
    closeUnlessHandled();
  }

  /** Even where the channel began, one more at the other end. */
  long id() {
    return id;
  }

  private long otherId() {
    return id ^ 1;
  }

  boolean isGone() {
    return state == State.GONE;
  }

  @Override
  public boolean send(ByteBuffer message) {
    int bytes = message.remaining();
    if (bytes > MAX_MESSAGE_BYTES) {
      throw new IllegalArgumentException("Message of " + bytes + " bytes");
    }
    if (state != State.OPEN || waitingBytes + bytes + Integer.BYTES > settings.waitingBytes()) {
      return false;
    }
    byte[] copy = new byte[bytes];
    message.get(message.position(), copy);
    enqueue(Segment.Kind.MESSAGE, copy);
    return true;
  }

  @Override
  public void handler(Handler handler) {
    this.handler = handler;
  }

  @Override
  public boolean isOpen() {
    return state == State.OPEN;
  }

  @Override
  public InetSocketAddress remoteAddress() {
    return remote;
  }

  @Override
  public void close() {
    if (state == State.CONNECTING) {
      leave();
      offer(Segment.Kind.RESET, 0);
    } else if (state == State.OPEN) {
      state = State.FINISHING;
      tellClosed("closed here");
      enqueue(Segment.Kind.FINISH, NOTHING);
    }
  }

  /** The process is gone: no callback comes any more. */
  void die() {
    state = State.GONE;
  }

  /** The kernel tells the other end that the process is gone. */
  void reset() {
    offer(Segment.Kind.RESET, 0);
  }

  void onSegment(Segment segment) {
    lastHeardNanos = network.nowNanos();
    switch (segment.kind()) {
      case RESET -> fail(state == State.CONNECTING ? "connection refused" : "connection reset");
      case ACKNOWLEDGE -> acknowledged(segment.number());
      default -> {
        if (segment.number() >= expected) {
          early.put(segment.number(), segment);
        }
        while (state != State.GONE && !early.isEmpty() && early.firstKey() == expected) {
          expected++;
          take(early.pollFirstEntry().getValue());
        }
        offer(Segment.Kind.ACKNOWLEDGE, expected);
      }
    }
    schedule();
  }

  private void take(Segment segment) {
    switch (segment.kind()) {
      case ACCEPT -> {
        if (state == State.CONNECTING) {
          state = State.OPEN;
          acknowledged(1);
          connectHandler.onConnected(this);
          closeUnlessHandled();
        }
      }
      case MESSAGE -> {
        if (state == State.OPEN) {
          handler.onMessage(network.lend(segment.bytes()));
        }
      }
      case FINISH -> fail("closed by the other end");
      default -> {}
    }
  }

  private void closeUnlessHandled() {
    if (handler == null) {
      handler = new Unhandled();
      close();
    }
  }

  private void acknowledged(long next) {
    boolean progress = false;
    while (!unacknowledged.isEmpty() && unacknowledged.peek().segment().number() < next) {
      waitingBytes -= weight(unacknowledged.remove().segment());
      progress = true;
    }
    if (progress) {
      restartRetry();
    }
    if (state == State.FINISHING && unacknowledged.isEmpty()) {
      leave();
    }
  }

  private void enqueue(Segment.Kind kind, byte[] bytes) {
    Segment segment = new Segment(local, remote, otherId(), kind, nextNumber++, bytes);
    if (unacknowledged.isEmpty()) {
      restartRetry();
    }
    unacknowledged.add(new Sent(segment, network.nowNanos()));
    waitingBytes += weight(segment);
    lastSentNanos = network.nowNanos();
    path.offer(segment);
    schedule();
  }

  private static int weight(Segment segment) {
    return segment.kind() == Segment.Kind.MESSAGE ? segment.bytes().length + Integer.BYTES : 0;
  }

  private void offer(Segment.Kind kind, long number) {
    path.offer(new Segment(local, remote, otherId(), kind, number, NOTHING));
  }

  private void restartRetry() {
    long roundTripNanos = path.delayNanos() + path.back().delayNanos();
    retryAfterNanos = roundTripNanos + roundTripNanos / 2 + LEAST_RETRY_NANOS;
    retryNanos = network.nowNanos() + retryAfterNanos;
  }

  /** One timer at a time, for the earliest of what may have to be done. */
  private void schedule() {
    if (state == State.GONE) {
      return;
    }
    long next = Math.min(deadNanos(), unacknowledged.isEmpty() ? aliveNanos() : retryNanos);
    if (next < timerNanos) {
      timerNanos = next;
      network.after(
          Math.max(0, next - network.nowNanos()),
          () -> {
            if (timerNanos == next) {
              timerNanos = Long.MAX_VALUE;
              onTimer();
            }
          });
    }
  }

  private long aliveNanos() {
    return state == State.OPEN ? lastSentNanos + settings.aliveEveryNanos() : Long.MAX_VALUE;
  }

  private long deadNanos() {
    if (state == State.CONNECTING) {
      return sinceNanos + settings.connectNanos();
    }
    Sent oldest = unacknowledged.peek();
    long since = oldest == null ? lastHeardNanos : Math.min(lastHeardNanos, oldest.atNanos());
    return since + settings.deadAfterNanos();
  }

  private void onTimer() {
    if (state == State.GONE) {
      return;
    }
    long nowNanos = network.nowNanos();
    if (nowNanos >= deadNanos()) {
      fail("timed out");
    } else if (unacknowledged.isEmpty()) {
      if (nowNanos >= aliveNanos()) {
        enqueue(Segment.Kind.ALIVE, NOTHING);
      }
    } else if (nowNanos >= retryNanos) {
      unacknowledged.forEach(sent -> path.offer(sent.segment()));
      retryAfterNanos = Math.min(2 * retryAfterNanos, MOST_RETRY_NANOS);
      retryNanos = nowNanos + retryAfterNanos;
    }
    schedule();
  }

  private void fail(String reason) {
    State before = state;
    leave();
    if (before == State.CONNECTING) {
      later(() -> connectHandler.onFailed(reason));
    } else if (before == State.OPEN) {
      tellClosed(reason);
    }
  }

  private void tellClosed(String reason) {
    later(() -> handler.onClosed(reason));
  }

  private void leave() {
    state = State.GONE;
    host.remove(this);
  }

  private void later(Runnable callback) {
    network.after(
        0,
        () -> {
          if (host.life() == life) {
            callback.run();
          }
        });
  }

  /** For a port that nobody took. */
  private static final class Unhandled implements Handler {
    @Override
    public void onMessage(ByteBuffer message) {}

    @Override
    public void onClosed(String reason) {}
  }
}

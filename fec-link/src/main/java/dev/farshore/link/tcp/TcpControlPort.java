package dev.farshore.link.tcp;

import dev.farshore.link.netty.Escalation;
import dev.farshore.link.port.ControlPort;
import dev.farshore.link.port.ControlSettings;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.SocketChannel;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** One end of a control channel over TCP. Owned by the thread of its event loop. */
final class TcpControlPort implements ControlPort {

  private enum State {
    /** The other end's preface is not there yet. */
    OPENING,
    OPEN,
    /** Closed here: what was sent before goes out, what comes in is dropped. */
    CLOSING,
    CLOSED
  }

  /** What becomes of a channel that is being opened. */
  interface Opening {
    void onOpen(TcpControlPort port);

    void onFailed(String reason);
  }

  private final SocketChannel channel;
  private final ControlSettings settings;
  private final Opening opening;
  private final Consumer<TcpControlPort> forget;
  private final InetSocketAddress remoteAddress;
  private State state = State.OPENING;
  private Handler handler;
  private boolean flushing;

  /**
   * @param forget called when the connection is gone
   */
  TcpControlPort(
      SocketChannel channel,
      ControlSettings settings,
      Opening opening,
      Consumer<TcpControlPort> forget) {
    this.channel = channel;
    this.settings = settings;
    this.opening = opening;
    this.forget = forget;
    this.remoteAddress = channel.remoteAddress();
    channel.pipeline().addLast(new ControlPipeline.Silence(settings), new ControlPipeline(this));
    channel.writeAndFlush(FrameFormat.preface(channel.alloc()));
    channel
        .eventLoop()
        .schedule(this::requirePreface, settings.connectNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public boolean send(ByteBuffer message) {
    int bytes = message.remaining();
    if (bytes > MAX_MESSAGE_BYTES) {
      throw new IllegalArgumentException("Message of " + bytes + " bytes");
    }
    long waiting = waitingBytes();
    boolean room = waiting + FrameFormat.HEAD_BYTES + bytes <= settings.waitingBytes();
    if (state != State.OPEN || (waiting > 0 && !room)) {
      return false;
    }
    channel.write(FrameFormat.message(channel.alloc(), message));
    if (!flushing) {
      flushing = true;
      Escalation.later(channel.eventLoop(), this::flush);
    }
    return true;
  }

  /** Once for all messages that were sent in one go. */
  private void flush() {
    flushing = false;
    channel.flush();
  }

  /** Says that this end lives, unless what waits to leave will say so. */
  void sendAlive() {
    if (state == State.OPEN && waitingBytes() == 0) {
      channel.writeAndFlush(FrameFormat.alive(channel.alloc()));
    }
  }

  private long waitingBytes() {
    ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    return waiting == null ? 0 : waiting.totalPendingWriteBytes();
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
    return remoteAddress;
  }

  /**
   * Sends what waits, then the end of the stream, and waits for the other end's: to close at once
   * would make the kernel reset the connection if something unread has come in, and the other end
   * would lose what it has not read yet (RFC 1122, 4.2.2.13).
   */
  @Override
  public void close() {
    switch (state) {
      case OPENING -> fail("closed here");
      case OPEN -> {
        state = State.CLOSING;
        tellClosed("closed here");
        channel
            .writeAndFlush(Unpooled.EMPTY_BUFFER)
            .addListener((ChannelFutureListener) written -> channel.shutdownOutput());
        channel.eventLoop().schedule(this::drop, settings.deadAfterNanos(), TimeUnit.NANOSECONDS);
      }
      case CLOSING, CLOSED -> {}
    }
  }

  boolean isOpening() {
    return state == State.OPENING;
  }

  void onPreface() {
    state = State.OPEN;
    opening.onOpen(this);
    if (handler == null) {
      handler = new Unhandled();
      close();
    }
  }

  void onMessage(ByteBuffer message) {
    if (state == State.OPEN) {
      handler.onMessage(message);
    }
  }

  private void requirePreface() {
    if (state == State.OPENING) {
      fail("the other end did not say what it speaks");
    }
  }

  /** The channel is of no more use. */
  void fail(String reason) {
    State before = state;
    drop();
    if (before == State.OPENING) {
      Escalation.later(channel.eventLoop(), () -> opening.onFailed(reason));
    } else if (before == State.OPEN) {
      tellClosed(reason);
    }
  }

  /** The connection is gone. */
  void onInactive() {
    fail("closed by the other end");
    forget.accept(this);
  }

  private void drop() {
    state = State.CLOSED;
    channel.close();
  }

  private void tellClosed(String reason) {
    Escalation.later(channel.eventLoop(), () -> handler.onClosed(reason));
  }

  /** For a port that nobody took. */
  private static final class Unhandled implements Handler {
    @Override
    public void onMessage(ByteBuffer message) {}

    @Override
    public void onClosed(String reason) {}
  }
}

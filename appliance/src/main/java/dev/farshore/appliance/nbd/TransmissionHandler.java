package dev.farshore.appliance.nbd;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.TimeUnit;

/**
 * A connection in its transmission phase: moves bytes between the socket and {@link Transmission}.
 * When that refuses input, the rest is kept and reading is turned off until it takes it. Replies
 * are flushed at the end of each batch of reads, and those that come by themselves together with
 * others at the end of the loop's round.
 */
final class TransmissionHandler extends ChannelInboundHandlerAdapter implements Outlet {

  private static final int LINGER_SECONDS = 2;

  /** A client that others wait for must be this fast. */
  private static final long SLOW_BYTES_PER_SECOND = 8 << 20;

  private final Connections connections;
  private final Credits credits;
  private final Transmission transmission;
  private final String exportName;
  private ChannelHandlerContext ctx;
  private ByteBuf unread = Unpooled.EMPTY_BUFFER;
  private boolean refused;
  private boolean busy;
  private boolean scheduled;
  private boolean finished;
  private boolean leaving;
  private boolean unflushed;
  private int unsent;

  /** Ticks at which the client began to owe the payload, and to keep the first reply waiting. */
  private long payloadTick;

  private long replyTick;

  /**
   * @param replaced context of the connection's handler so far
   */
  TransmissionHandler(Connections connections, ChannelHandlerContext replaced, Session session) {
    this.connections = connections;
    this.ctx = replaced;
    this.exportName = session.export().name();
    this.credits = new Credits(connections.pools(), this::changed);
    this.transmission =
        new Transmission(session, credits, replaced.alloc(), this, connections.counters());
  }

  Transmission transmission() {
    return transmission;
  }

  String exportName() {
    return exportName;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
  }

  /** Takes what the client sent behind its handshake; releases {@code input}. */
  void begin(ByteBuf input) {
    give(input);
    settle();
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    ByteBuf input = (ByteBuf) message;
    if (leaving) {
      input.release();
    } else if (transmission.receivingPayload() && input == transmission.payload()) {
      input.release();
      give(Unpooled.EMPTY_BUFFER);
    } else if (unread.isReadable()) {
      unread = ctx.alloc().compositeBuffer(2).addComponents(true, unread, input);
    } else {
      give(input);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    settle();
  }

  /** The client sends no more. This comes behind all that it sent, of which some may be unread. */
  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event != ChannelInputShutdownEvent.INSTANCE) {
      context.fireUserEventTriggered(event);
    } else if (leaving) {
      closeBehindReplies();
    } else {
      finished = true;
      settle();
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    if (ctx.channel().isWritable()) {
      changed();
    }
  }

  /** Gives input to the transmission, and keeps what it refuses. */
  private void give(ByteBuf input) {
    long begun = transmission.payloadsBegun();
    busy = true;
    refused = !transmission.receive(input);
    busy = false;
    if (refused) {
      ctx.channel().config().setAutoRead(false);
    }
    if (input.isReadable()) {
      keep(input);
    } else {
      input.release();
    }
    if (transmission.payloadsBegun() != begun) {
      payloadTick = connections.ticks();
    }
  }

  /** Keeps no more memory than is needed: receive buffers are large and mostly empty. */
  private void keep(ByteBuf input) {
    if (input.capacity() <= 2 * input.readableBytes()) {
      unread = input;
      return;
    }
    unread = ctx.alloc().directBuffer(input.readableBytes());
    unread.writeBytes(input);
    input.release();
  }

  /** Takes up refused input, sends what there is to send, and leaves if transmission is over. */
  private void settle() {
    if (refused && !leaving) {
      ByteBuf input = unread;
      unread = Unpooled.EMPTY_BUFFER;
      give(input);
      if (!refused) {
        ctx.channel().config().setAutoRead(true);
      }
    }
    if (finished && !refused) {
      transmission.finish();
    }
    transmission.flushReplies();
    if (unflushed) {
      unflushed = false;
      ctx.flush();
    }
    if (transmission.over() && !leaving) {
      leave();
    }
  }

  /** Runs {@link #settle} outside of a batch of reads. */
  void settleLater() {
    scheduled = false;
    if (ctx.channel().isActive()) {
      settle();
    }
  }

  /**
   * Closes behind the last reply. A client that was told ESHUTDOWN may be in the middle of sending:
   * closing at once would reset the connection and lose the replies, so its input is read away for
   * a moment.
   */
  private void leave() {
    leaving = true;
    if (transmission.broken()) {
      connections.violation();
    }
    boolean hasMore = !transmission.disconnected() && !transmission.broken();
    if (hasMore && ctx.channel() instanceof DuplexChannel duplex) {
      ctx.channel().config().setAutoRead(true);
      ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(sent -> duplex.shutdownOutput());
      ctx.executor().schedule(() -> ctx.close(), LINGER_SECONDS, TimeUnit.SECONDS);
    } else {
      closeBehindReplies();
    }
  }

  private void closeBehindReplies() {
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  public boolean congested() {
    return !ctx.channel().isWritable();
  }

  @Override
  public void send(ByteBuf reply, Debt debt) {
    if (unsent == 0) {
      replyTick = connections.ticks();
    }
    unsent++;
    unflushed = true;
    ChannelPromise sent = ctx.newPromise();
    sent.addListener(done -> connections.guard(() -> sent(debt)));
    ctx.write(reply, sent);
  }

  private void sent(Debt debt) {
    unsent--;
    replyTick = connections.ticks();
    credits.settle(debt);
    if (refused) {
      changed();
    }
  }

  @Override
  public void changed() {
    if (!busy && !scheduled) {
      scheduled = true;
      connections.settleLater(this);
    }
  }

  /**
   * Whether the client has kept a payload or a reply waiting for longer than a slow line explains.
   */
  boolean stalled() {
    long grace = connections.limits().stallSeconds() + credits.held() / SLOW_BYTES_PER_SECOND;
    boolean owesPayload = transmission.payloadOwed() && connections.ticks() - payloadTick > grace;
    boolean owesReading = unsent > 0 && connections.ticks() - replyTick > grace;
    return owesPayload || owesReading;
  }

  long creditBytes() {
    return credits.held();
  }

  void close() {
    ctx.close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    leaving = true;
    unread.release();
    unread = Unpooled.EMPTY_BUFFER;
    transmission.close();
    connections.left(this);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    connections.failed(ctx.channel(), cause);
  }
}

package dev.farshore.appliance.nbd;

import dev.farshore.appliance.nbd.Handshake.Answered;
import dev.farshore.appliance.nbd.Handshake.Enter;
import dev.farshore.appliance.nbd.Handshake.Leave;
import dev.farshore.appliance.nbd.Handshake.More;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * A connection in its handshake. Deals with the next option only when the client takes the replies
 * to those before, and gives up when the handshake takes too long.
 */
final class HandshakeHandler extends ChannelInboundHandlerAdapter {

  private final Connections connections;
  private final Handshake handshake;
  private ByteBuf unread = Unpooled.EMPTY_BUFFER;
  private Future<?> deadline;
  private boolean finished;
  private boolean leaving;

  HandshakeHandler(Connections connections, Handshake handshake) {
    this.connections = connections;
    this.handshake = handshake;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    deadline =
        ctx.executor()
            .schedule(
                () -> expire(ctx), connections.limits().negotiationSeconds(), TimeUnit.SECONDS);
    ByteBuf greeting = ctx.alloc().directBuffer(18);
    Handshake.greet(greeting);
    ctx.writeAndFlush(greeting, ctx.voidPromise());
  }

  private void expire(ChannelHandlerContext ctx) {
    connections.counters().negotiationTimeouts++;
    ctx.close();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf input = (ByteBuf) message;
    if (unread.isReadable()) {
      input = ctx.alloc().compositeBuffer(2).addComponents(true, unread, input);
      unread = Unpooled.EMPTY_BUFFER;
    }
    negotiate(ctx, input);
  }

  /** The client sends no more: it gets its replies, and nothing else will come of it. */
  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event != ChannelInputShutdownEvent.INSTANCE) {
      ctx.fireUserEventTriggered(event);
      return;
    }
    finished = true;
    if (!leaving && !unread.isReadable()) {
      leave(ctx, Handshake.End.ABORTED);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    if (ctx.channel().isWritable() && unread.isReadable()) {
      ByteBuf input = unread;
      unread = Unpooled.EMPTY_BUFFER;
      negotiate(ctx, input);
    }
  }

  /** Consumes {@code input} as far as the client takes replies, and keeps the rest. */
  private void negotiate(ChannelHandlerContext ctx, ByteBuf input) {
    while (!leaving) {
      if (!ctx.channel().isWritable() && input.isReadable()) {
        unread = input;
        ctx.channel().config().setAutoRead(false);
        return;
      }
      ByteBuf replies = ctx.alloc().directBuffer(256);
      Handshake.Step step = handshake.step(input, replies);
      send(ctx, replies);
      switch (step) {
        case More() -> {
          input.release();
          ctx.channel().config().setAutoRead(true);
          if (finished) {
            leave(ctx, Handshake.End.ABORTED);
          }
          return;
        }
        case Answered() -> {}
        case Leave(Handshake.End end) -> leave(ctx, end);
        case Enter(Session session) -> {
          deadline.cancel(false);
          connections.enter(ctx, session, input);
          if (finished) {
            ctx.channel().pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
          }
          return;
        }
      }
    }
    input.release();
  }

  private void leave(ChannelHandlerContext ctx, Handshake.End end) {
    leaving = true;
    connections.handshakeEnded(end);
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  private static void send(ChannelHandlerContext ctx, ByteBuf replies) {
    if (replies.isReadable()) {
      ctx.writeAndFlush(replies, ctx.voidPromise());
    } else {
      replies.release();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    deadline.cancel(false);
    leaving = true;
    unread.release();
    unread = Unpooled.EMPTY_BUFFER;
    handshake.close();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    connections.failed(ctx.channel(), cause);
  }
}

package dev.farshore.emulab.wan;

import dev.farshore.link.netty.Escalation;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import java.io.IOException;

/**
 * A TCP connection of a client and the one that stands for it towards the far end. Owned by the
 * event loop.
 */
final class TcpPair implements Stream.Course {

  private static final int DIRECTIONS = Direction.values().length;

  private final TcpRelay relay;
  private final SocketChannel client;
  private final Stream forward = new Stream(Direction.FORWARD, this);
  private final Stream backward = new Stream(Direction.BACKWARD, this);
  private SocketChannel server;
  private int ends;
  private boolean refused;
  private boolean closed;

  TcpPair(TcpRelay relay, SocketChannel client) {
    this.relay = relay;
    this.client = client;
    forward.source(client);
    backward.target(client);
    client.pipeline().addLast(new Reader(forward, backward));
    relay.enter(forward.enter(StreamItem.Kind.CONNECT, Unpooled.EMPTY_BUFFER));
  }

  Stream forward() {
    return forward;
  }

  Stream backward() {
    return backward;
  }

  @Override
  public void connect() {
    relay.connectUpstream(this);
  }

  /** The far end took the connection. */
  void connected(SocketChannel connection) {
    if (closed) {
      Stream.reset(connection);
      return;
    }
    server = connection;
    backward.source(connection);
    connection.pipeline().addLast(new Reader(backward, forward));
    relay.updateReading(backward);
    forward.target(connection);
  }

  /** The far end did not take the connection; the client hears of it after the way back. */
  void notConnected() {
    refused = true;
    forward.abandon();
    relay.enter(backward.enter(StreamItem.Kind.RESET, Unpooled.EMPTY_BUFFER));
  }

  @Override
  public void written(Stream stream) {
    relay.written(stream);
  }

  @Override
  public void ended() {
    ends++;
    if (ends == DIRECTIONS) {
      close();
    }
  }

  void close() {
    closed = true;
    client.close();
    if (server != null) {
      server.close();
    }
    forward.abandon();
    backward.abandon();
    relay.forget(this);
  }

  private void sourceGone(Stream from, Stream to) {
    if (!closed) {
      to.abandon();
      relay.enter(from.enter(StreamItem.Kind.RESET, Unpooled.EMPTY_BUFFER));
      boolean serverGone = server == null ? refused : !server.isOpen();
      if (serverGone && !client.isOpen()) {
        close();
      }
    }
  }

  /** Reads what one of the two connections says. */
  private final class Reader extends ChannelInboundHandlerAdapter {
    private final Stream from;
    private final Stream to;
    private boolean failed;

    Reader(Stream from, Stream to) {
      this.from = from;
      this.to = to;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      relay.enter(from.enter(StreamItem.Kind.BYTES, (ByteBuf) message));
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof ChannelInputShutdownEvent && !failed) {
        relay.enter(from.enter(StreamItem.Kind.END, Unpooled.EMPTY_BUFFER));
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      sourceGone(from, to);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (cause instanceof IOException) {
        failed = true;
        context.close();
      } else {
        Escalation.escalate(cause);
      }
    }
  }
}

package dev.farshore.emulab.wan;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import java.util.ArrayDeque;

/**
 * One direction of a relayed TCP connection: what was read at its source and has not been written
 * at its target, in order. Owned by the event loop.
 */
final class Stream {

  /** What a stream does beside writing. */
  interface Course {
    /** The source connected, and the news of it has come out. */
    void connect();

    /** Bytes have left for the target. */
    void written(Stream stream);

    /** The end of the source's bytes has come out and has been handed to the target. */
    void ended();
  }

  private final Direction direction;
  private final Course course;

  /** In the order of entry. A shorter delay lets what entered later arrive first; it waits here. */
  private final ArrayDeque<StreamItem> onTheWay = new ArrayDeque<>();

  private SocketChannel source;
  private SocketChannel target;
  private long unwrittenBytes;
  private boolean over;

  Stream(Direction direction, Course course) {
    this.direction = direction;
    this.course = course;
  }

  Direction direction() {
    return direction;
  }

  void source(SocketChannel connected) {
    source = connected;
  }

  /** Where it goes to; what arrived before waits for it. */
  void target(SocketChannel connected) {
    target = connected;
    handOn();
  }

  /** Lets the source's kernel fill up, or goes on reading. */
  void allowReading(boolean allowed) {
    if (source != null) {
      source.config().setAutoRead(allowed);
    }
  }

  /** Bytes that were read at the source and that the target's kernel has not taken. */
  long unwrittenBytes() {
    return unwrittenBytes;
  }

  StreamItem enter(StreamItem.Kind kind, ByteBuf bytes) {
    StreamItem item = new StreamItem(this, kind, bytes);
    unwrittenBytes += item.size();
    onTheWay.addLast(item);
    return item;
  }

  /** Some item of this stream has arrived: hands on what may be handed on in order. */
  void handOn() {
    while (!onTheWay.isEmpty() && onTheWay.peekFirst().hasArrived()) {
      boolean needsTarget = onTheWay.peekFirst().kind() != StreamItem.Kind.CONNECT;
      if (!over && needsTarget && target == null) {
        return;
      }
      handOn(onTheWay.removeFirst());
    }
    if (!over && target != null) {
      target.flush();
    }
  }

  private void handOn(StreamItem item) {
    if (over) {
      unwrittenBytes -= item.size();
      item.bytes().release();
      return;
    }
    switch (item.kind()) {
      case CONNECT -> course.connect();
      case BYTES -> {
        int size = item.size();
        target
            .write(item.bytes())
            .addListener(
                done -> {
                  unwrittenBytes -= size;
                  course.written(this);
                });
      }
      case END ->
          target
              .writeAndFlush(Unpooled.EMPTY_BUFFER)
              .addListener(
                  (ChannelFutureListener)
                      done -> {
                        target.shutdownOutput();
                        course.ended();
                      });
      case RESET -> {
        over = true;
        reset(target);
      }
    }
  }

  /** Nobody takes any more what comes out. */
  void abandon() {
    over = true;
    handOn();
  }

  static void reset(SocketChannel channel) {
    if (channel.isOpen()) {
      channel.config().setOption(ChannelOption.SO_LINGER, 0);
      channel.close();
    }
  }
}

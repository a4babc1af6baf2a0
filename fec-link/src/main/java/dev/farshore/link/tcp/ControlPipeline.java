package dev.farshore.link.tcp;

import dev.farshore.link.netty.Escalation;
import dev.farshore.link.port.ControlSettings;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Takes the bytes of a connection apart. Memory grows with what has arrived, never with what a
 * length claims, and holds at most one frame and one read.
 */
final class ControlPipeline extends ByteToMessageDecoder {

  /** Notices when nothing comes, or when nothing was said for long. */
  static final class Silence extends IdleStateHandler {
    Silence(ControlSettings settings) {
      super(settings.deadAfterNanos(), settings.aliveEveryNanos(), 0, TimeUnit.NANOSECONDS);
    }
  }

  private final TcpControlPort port;

  ControlPipeline(TcpControlPort port) {
    this.port = port;
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (port.isOpening()) {
      decodePreface(in);
    } else if (port.isOpen()) {
      decodeFrame(in);
    } else {
      in.skipBytes(in.readableBytes());
    }
  }

  private void decodePreface(ByteBuf in) {
    if (in.readableBytes() < FrameFormat.PREFACE_BYTES) {
      return;
    }
    String fault = FrameFormat.faultOfPreface(in);
    in.skipBytes(FrameFormat.PREFACE_BYTES);
    if (fault.isEmpty()) {
      port.onPreface();
    } else {
      port.fail(fault);
    }
  }

  private void decodeFrame(ByteBuf in) {
    if (in.readableBytes() < FrameFormat.HEAD_BYTES) {
      return;
    }
    int at = in.readerIndex();
    String fault = FrameFormat.faultOfHead(in, at);
    if (!fault.isEmpty()) {
      port.fail(fault);
      return;
    }
    int length = FrameFormat.bodyBytes(in, at);
    if (in.readableBytes() < FrameFormat.HEAD_BYTES + length) {
      return;
    }
    in.skipBytes(FrameFormat.HEAD_BYTES + length);
    if (!FrameFormat.isIntact(in, at)) {
      port.fail("damaged frame");
    } else if (in.getByte(at) == FrameFormat.MESSAGE) {
      port.onMessage(in.nioBuffer(at + FrameFormat.HEAD_BYTES, length));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext context, Object event) {
    if (event instanceof IdleStateEvent idle) {
      switch (idle.state()) {
        case READER_IDLE -> port.fail("nothing came from the other end for too long");
        case WRITER_IDLE -> port.sendAlive();
        case ALL_IDLE -> {}
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) throws Exception {
    super.channelInactive(context);
    port.onInactive();
  }

  /** What the network does ends the channel; what our own code did wrong ends the process. */
  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable thrown) {
    Throwable cause =
        thrown instanceof DecoderException && thrown.getCause() != null
            ? thrown.getCause()
            : thrown;
    if (cause instanceof IOException) {
      port.fail(String.valueOf(cause.getMessage()));
    } else {
      Escalation.escalate(cause);
    }
  }
}

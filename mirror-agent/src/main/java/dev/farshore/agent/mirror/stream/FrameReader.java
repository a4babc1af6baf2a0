package dev.farshore.agent.mirror.stream;

import dev.farshore.link.session.LinkReceiver;
import dev.farshore.log.record.RecordFormat;
import java.nio.ByteBuffer;

/**
 * Cuts the stream of a link into frames. A frame is at most the largest append plus its header, so
 * memory is bounded by that. Owned by the group's thread.
 */
public final class FrameReader {
  private static final int MAX_BODY_BYTES = RecordFormat.MAX_APPEND_BYTES + (1 << 16);
  private static final int INITIAL_BYTES = 64 << 10;

  private final LinkReceiver link;
  private final FrameHandler handler;
  private ByteBuffer frame = ByteBuffer.allocate(INITIAL_BYTES);

  public FrameReader(LinkReceiver link, FrameHandler handler) {
    this.link = link;
    this.handler = handler;
    frame.limit(FrameType.HEADER_BYTES);
  }

  /**
   * Reads frames until the link has no more, the handler is not ready, or {@code byteLimit} is
   * reached.
   *
   * @return whether the limit ended it, so there may be more at once
   * @throws MalformedFrameException if the stream cannot be what a leader sends
   */
  public boolean read(int byteLimit) throws MalformedFrameException {
    int budget = byteLimit;
    while (budget > 0 && handler.ready()) {
      ByteBuffer available = link.peek();
      if (!available.hasRemaining()) {
        return false;
      }
      int taken = Math.min(available.remaining(), frame.remaining());
      frame.put(available.slice(available.position(), taken));
      link.consume(taken);
      budget -= taken;
      if (!frame.hasRemaining()) {
        complete();
      }
    }
    return budget <= 0;
  }

  /** The header is full: makes room for the body, unless it is empty; the body is: hands it on. */
  private void complete() throws MalformedFrameException {
    int bodyBytes = frame.getInt(0);
    if (frame.limit() == FrameType.HEADER_BYTES) {
      if (bodyBytes < 0 || bodyBytes > MAX_BODY_BYTES) {
        throw new MalformedFrameException("frame of " + bodyBytes + " bytes");
      }
      if (bodyBytes > 0) {
        grow(FrameType.HEADER_BYTES + bodyBytes);
        return;
      }
    }
    deliver(frame.get(4), frame.slice(FrameType.HEADER_BYTES, bodyBytes));
    reset();
  }

  private void grow(int bytes) {
    if (frame.capacity() < bytes) {
      ByteBuffer larger = ByteBuffer.allocate(Math.max(bytes, frame.capacity() * 2));
      frame.flip();
      larger.put(frame);
      frame = larger;
    }
    frame.limit(bytes);
  }

  private void reset() {
    frame.clear();
    frame.limit(FrameType.HEADER_BYTES);
  }

  private void deliver(int type, ByteBuffer body) throws MalformedFrameException {
    if (type == FrameType.RECORD.code) {
      handler.onRecord(body);
    } else if (type == FrameType.IMAGE_END.code) {
      handler.onImageEnd();
    } else if (type == FrameType.IMAGE_DATA.code || type == FrameType.IMAGE_ADVANCE.code) {
      if (body.remaining() < FrameType.IMAGE_DATA.fixedBytes) {
        throw new MalformedFrameException("image frame of " + body.remaining() + " bytes");
      }
      int volume = body.getInt();
      long offset = body.getLong();
      if (type == FrameType.IMAGE_DATA.code) {
        handler.onImageData(volume, offset, body.slice());
      } else {
        handler.onImageAdvance(volume, offset);
      }
    } else {
      throw new MalformedFrameException("unknown frame type " + type);
    }
  }
}

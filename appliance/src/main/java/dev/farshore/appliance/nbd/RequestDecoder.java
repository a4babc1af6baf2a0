package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.*;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * Finds requests and their payloads in what a client sends. The payload of a write goes into one
 * buffer of its exact size, which the caller provides once it has the credit for it.
 */
final class RequestDecoder implements AutoCloseable {

  /** What a step came to. */
  enum Event {
    /** All input was consumed. */
    MORE,
    /**
     * {@link #request} is there. The decoder stays here, telling it again, until the caller says
     * how to go on: {@link #next}, {@link #receive} or {@link #skip}.
     */
    HEADER,
    /** The payload is whole: {@link #takePayload}. */
    PAYLOAD,
    /** The payload was skipped. */
    SKIPPED,
    /** Not an NBD request; nothing more can be understood. */
    BAD_MAGIC
  }

  private enum State {
    HEADER,
    DECIDE,
    PAYLOAD,
    SKIP,
    BROKEN
  }

  private static final Request NO_REQUEST = new Request(0, 0, 0, 0, 0);

  private final ByteBuf header = Unpooled.buffer(REQUEST_BYTES, REQUEST_BYTES);
  private State state = State.HEADER;
  private Request request = NO_REQUEST;
  private ByteBuf payload = Unpooled.EMPTY_BUFFER;
  private long skipBytes;

  /** Consumes input up to the next event. */
  Event step(ByteBuf in) {
    return switch (state) {
      case HEADER -> stepHeader(in);
      case DECIDE -> Event.HEADER;
      case PAYLOAD -> {
        int now = Math.min(payload.writableBytes(), in.readableBytes());
        payload.writeBytes(in, now);
        if (payload.isWritable()) {
          yield Event.MORE;
        }
        state = State.HEADER;
        yield Event.PAYLOAD;
      }
      case SKIP -> {
        int now = (int) Math.min(skipBytes, in.readableBytes());
        in.skipBytes(now);
        skipBytes -= now;
        if (skipBytes > 0) {
          yield Event.MORE;
        }
        state = State.HEADER;
        yield Event.SKIPPED;
      }
      case BROKEN -> {
        in.skipBytes(in.readableBytes());
        yield Event.BAD_MAGIC;
      }
    };
  }

  private Event stepHeader(ByteBuf in) {
    ByteBuf source = in;
    if (header.isReadable() || in.readableBytes() < REQUEST_BYTES) {
      header.writeBytes(in, Math.min(header.writableBytes(), in.readableBytes()));
      if (header.isWritable()) {
        return Event.MORE;
      }
      source = header;
    }
    if (source.readInt() != REQUEST_MAGIC) {
      state = State.BROKEN;
      return step(in);
    }
    request = Request.read(source);
    header.clear();
    state = State.DECIDE;
    return Event.HEADER;
  }

  /** The request whose header came last. */
  Request request() {
    return request;
  }

  /** The request has no payload, or is done with. */
  void next() {
    state = State.HEADER;
  }

  /**
   * Fills a buffer with the payload.
   *
   * @param buffer empty, with exactly as much room as the payload is long, at least one byte; the
   *     decoder's until {@link #takePayload} or {@link #close}
   */
  void receive(ByteBuf buffer) {
    payload = buffer;
    state = State.PAYLOAD;
  }

  /** Consumes the payload without keeping it. */
  void skip(long bytes) {
    skipBytes = bytes;
    state = State.SKIP;
  }

  /** Whether {@link #payload} is being filled. */
  boolean receiving() {
    return state == State.PAYLOAD;
  }

  /**
   * The buffer that is being filled. Bytes may also be put into it directly, in their order; a step
   * then notices.
   */
  ByteBuf payload() {
    return payload;
  }

  /** Hands the whole payload to the caller, who releases it. */
  ByteBuf takePayload() {
    ByteBuf taken = payload;
    payload = Unpooled.EMPTY_BUFFER;
    return taken;
  }

  /** Drops a payload that will never be whole. */
  @Override
  public void close() {
    payload.release();
    payload = Unpooled.EMPTY_BUFFER;
    state = State.BROKEN;
  }
}

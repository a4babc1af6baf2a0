package dev.farshore.appliance.nbd;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import java.util.Optional;

/**
 * Gives a connection's socket the buffer to read into: that of the payload in progress, so that
 * large payloads are not copied; otherwise one of the usual size, for many small requests at once.
 */
final class PayloadReceiver extends DefaultMaxMessagesRecvByteBufAllocator {

  /** Bytes that one read may bring. */
  static final int RECEIVE_BYTES = 64 << 10;

  private static final int HANDSHAKE_BYTES = 1 << 10;

  /** Rests of payloads below this size are read together with the requests behind them. */
  private static final int MIN_DIRECT_BYTES = 16 << 10;

  private static final int READS_PER_ROUND = 16;

  private Optional<Transmission> transmission = Optional.empty();

  PayloadReceiver() {
    super(READS_PER_ROUND);
  }

  /** The handshake is over. */
  void serve(Transmission begun) {
    transmission = Optional.of(begun);
  }

  @Override
  public MaxMessageHandle newHandle() {
    return new MaxMessageHandle() {
      @Override
      public int guess() {
        return transmission.isPresent() ? RECEIVE_BYTES : HANDSHAKE_BYTES;
      }

      /** A payload comes retained once more, for the one who takes it from the pipeline. */
      @Override
      public ByteBuf allocate(ByteBufAllocator allocator) {
        if (transmission.isPresent() && transmission.get().receivingPayload()) {
          ByteBuf payload = transmission.get().payload();
          if (payload.writableBytes() >= MIN_DIRECT_BYTES) {
            return payload.retain();
          }
        }
        return allocator.directBuffer(guess(), guess());
      }
    };
  }
}

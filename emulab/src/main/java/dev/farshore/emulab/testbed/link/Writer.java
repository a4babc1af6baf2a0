package dev.farshore.emulab.testbed.link;

import dev.farshore.link.session.LinkSender;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/** Offers records to a link. Owned by the link's thread. */
public interface Writer {

  /**
   * Offers what is due.
   *
   * @return when more is due; {@code Long.MAX_VALUE} if that depends on the link
   */
  long write(LinkSender sender, long nowNanos);

  /** As much as the link takes. */
  static Writer fullRate(int recordBytes) {
    ByteBuffer record = ByteBuffer.allocate(recordBytes);
    return (sender, now) -> {
      while (sender.writableBytes() >= recordBytes) {
        sender.offer(record.clear());
      }
      return Long.MAX_VALUE;
    };
  }

  /**
   * One record at a time: the next follows when the one before is covered at {@code level}, after a
   * pause that is exponentially distributed.
   */
  static Writer oneAtATime(
      int recordBytes, int level, long meanPauseNanos, RandomGenerator random) {
    ByteBuffer record = ByteBuffer.allocate(recordBytes);
    return new Writer() {
      private boolean waiting;
      private long dueNanos;

      @Override
      public long write(LinkSender sender, long nowNanos) {
        if (waiting && sender.coveredOffset(level) == sender.offeredOffset()) {
          waiting = false;
          dueNanos = nowNanos + (long) (random.nextExponential() * meanPauseNanos);
        }
        if (!waiting && dueNanos <= nowNanos && sender.writableBytes() >= recordBytes) {
          sender.offer(record.clear());
          waiting = true;
        }
        return waiting ? Long.MAX_VALUE : dueNanos;
      }
    };
  }
}

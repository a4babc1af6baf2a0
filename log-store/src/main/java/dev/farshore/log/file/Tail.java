package dev.farshore.log.file;

import dev.farshore.log.disk.Awaited;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskFile;
import dev.farshore.log.disk.DiskFullException;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/**
 * The end of a log that goes on in a segment of its own, and what drives it: staging, writing and
 * the supply of segments. Owned by the log's thread.
 *
 * <p>Its first segment is a restart. Until {@link #commit} it is not part of the log: records
 * staged before that are written and forced there first, and then the log has them all at once.
 */
final class Tail {

  private final Disk disk;
  private final SegmentSupply supply;
  private final Segment first;
  private final Staging staging;
  private final TailWriter writer;
  private long nowNanos;

  private Tail(SegmentSupply supply, SegmentList segments, Segment first) {
    this.disk = supply.disk();
    this.supply = supply;
    this.first = first;
    this.staging = new Staging(supply.settings(), supply, segments, first);
    this.writer = new TailWriter(disk, supply.settings().group(), staging, first);
  }

  /**
   * Begins a tail. Blocks.
   *
   * @param segments gets the new segment at its end
   * @param start where the log stands before it
   * @param takesOver bytes that are written to it before it is committed, about
   */
  static Tail begin(SegmentSupply supply, SegmentList segments, LogPosition start, long takesOver)
      throws IOException {
    supply.freeingSoon(false);
    Segment first = readySegment(supply, takesOver);
    first.startAfter(start);
    segments.add(first);
    return new Tail(supply, segments, first);
  }

  /** On a full disk a small segment may still find room, and the log can at least be read. */
  private static Segment readySegment(SegmentSupply supply, long takesOver) throws IOException {
    Segment first = supply.restart(takesOver);
    try {
      waitUntil(supply, first::isReady);
    } catch (DiskFullException full) {
      first = supply.smallInsteadOf(first, takesOver);
      waitUntil(supply, first::isReady);
    }
    return first;
  }

  private static void waitUntil(SegmentSupply supply, BooleanSupplier condition)
      throws IOException {
    while (!condition.getAsBoolean()) {
      supply.poll(0);
      if (supply.failure().isPresent()) {
        throw supply.failure().get();
      }
      if (supply.full().isPresent() && !supply.isBusy()) {
        throw supply.full().get();
      }
      if (!condition.getAsBoolean()) {
        supply.disk().await();
      }
    }
  }

  Staging staging() {
    return staging;
  }

  TailWriter writer() {
    return writer;
  }

  /** Writes, forces and prepares segments; true if there is more to do at once. */
  boolean poll(long now) {
    nowNanos = now;
    supply.prepareAhead();
    supply.poll(now);
    supply.failure().ifPresent(writer::poison);
    return writer.poll(now);
  }

  long nextDeadlineNanos() {
    return Math.min(writer.nextDeadlineNanos(), supply.nextDeadlineNanos());
  }

  /** Brings everything staged to the disk, durably. Blocks. */
  void drain() throws IOException {
    supply.freeingSoon(false);
    writer.want(staging.last().lsn());
    while (!writer.isIdle()) {
      step();
    }
    throwFailure();
  }

  /** Ends what is under way, without asking for more. Blocks. */
  void settle() {
    while (writer.isWriting() || writer.isForcing() || supply.isBusy()) {
      if (disk.await() == 0) {
        throw new IllegalStateException("something is under way, but not with the disk");
      }
    }
  }

  private void step() throws IOException {
    boolean more = writer.poll(nowNanos);
    supply.poll(nowNanos);
    supply.failure().ifPresent(writer::poison);
    throwFailure();
    if (!more && disk.await() == 0 && !writer.isIdle() && !supply.isBusy()) {
      throwFull(writer.full());
      throwFull(supply.full());
      throw new IllegalStateException("nothing is under way, and yet not all is done: " + writer);
    }
  }

  private static void throwFull(Optional<? extends IOException> full) throws IOException {
    if (full.isPresent()) {
      throw full.get();
    }
  }

  private void throwFailure() throws IOException {
    Optional<IOException> failure = writer.failure();
    if (failure.isPresent()) {
      throw new IOException("the log is poisoned: " + failure.get().getMessage(), failure.get());
    }
  }

  /**
   * Makes the first segment part of the log: everything staged is durable in it, and from now on it
   * takes the log over at its start. Blocks.
   */
  void commit() throws IOException {
    drain();
    ByteBuffer slots =
        ByteBuffer.allocate(SegmentSlot.PAGE_BYTES + SegmentSlot.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    SegmentSlot slot = slot(SegmentSlot.State.SERVING, first);
    slot.encode(slots, 0);
    slot.encode(slots, SegmentSlot.PAGE_BYTES);
    write(first.file(disk), SegmentSlot.PAGE_BYTES, slots);
    staging.committed();
  }

  /**
   * Says in the segment before the first one, durably, that the log goes on elsewhere: so it is
   * noticed if that is missing one day. Blocks.
   */
  void succeed(Segment before) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(SegmentSlot.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    slot(SegmentSlot.State.SUCCEEDED, before).encode(bytes, 0);
    write(before.file(disk), SegmentSlot.LAST, bytes);
  }

  private SegmentSlot slot(SegmentSlot.State state, Segment segment) {
    return SegmentSlot.inService(state, segment, supply.settings().group(), writer.forced());
  }

  private void write(DiskFile file, int position, ByteBuffer bytes) throws IOException {
    Awaited written = new Awaited();
    file.write(position, bytes, written);
    written.join(disk);
    force(file);
  }

  /** Says, durably, that the log was closed here. Blocks. */
  void markClean() throws IOException {
    staging.mark(true);
    while (!staging.unwritten().isEmpty() || writer.isWriting()) {
      step();
    }
    throwFailure();
    force(writer.serving().file(disk));
  }

  private void force(DiskFile file) throws IOException {
    Awaited forced = new Awaited();
    file.force(forced);
    forced.join(disk);
  }
}

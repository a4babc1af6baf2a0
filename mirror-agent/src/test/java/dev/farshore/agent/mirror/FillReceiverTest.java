package dev.farshore.agent.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.mirror.control.ControlMessage.FillFrom;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.group.ImageReplacement;
import dev.farshore.log.group.VolumeInfo;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** Base images that come faster than the disk takes them. */
final class FillReceiverTest {
  private static final int VOLUME = 3;
  private static final int PIECE = 64 << 10;
  private static final long SIZE = 64L << 20;
  private static final long REPEATED_AT_MOST = SIZE / 64 + PIECE;

  /** A disk that has done nothing until it is told to. */
  private static final class SlowReplacement implements ImageReplacement {
    private final Queue<Completion> writes = new ArrayDeque<>();
    private Progress recorded = new Progress(VOLUME, 0);

    @Override
    public Progress progress() {
      return recorded;
    }

    @Override
    public void write(int volume, long offset, ByteBuffer data, Completion completion) {
      writes.add(completion);
    }

    @Override
    public void advance(Progress upTo, Completion completion) {
      assertTrue(writes.isEmpty(), "something before " + upTo + " is still being written");
      recorded = upTo;
      completion.done();
    }

    @Override
    public void commit(String asideName) {}

    @Override
    public void abandon() {}

    @Override
    public void close() {}
  }

  private final SlowReplacement replacement = new SlowReplacement();
  private long arrived;

  private FillReceiver receiver() {
    return new FillReceiver(replacement, List.of(new VolumeInfo(VOLUME, "v", SIZE)));
  }

  /** Takes what the receiver is ready for. */
  private void arrive(FillReceiver fill) {
    while (fill.ready() && arrived < SIZE) {
      fill.onData(VOLUME, arrived, ByteBuffer.allocate(PIECE));
      arrived += PIECE;
    }
  }

  @Test
  void recordsItsProgressThoughTheNextPieceIsAlwaysThere() {
    FillReceiver fill = receiver();
    while (arrived < SIZE) {
      arrive(fill);
      replacement.writes.remove().done();
      assertTrue(
          arrived - replacement.recorded.offset() <= REPEATED_AT_MOST,
          () -> arrived + " arrived, and " + replacement.recorded + " would be gone on from");
    }
  }

  @Test
  void goesOnFromWhatWasRecordedAndCountsItAsDone() {
    FillReceiver broken = receiver();
    arrive(broken);
    while (!replacement.writes.isEmpty()) {
      replacement.writes.remove().done();
    }
    long recorded = replacement.recorded.offset();
    assertTrue(recorded > 0, "nothing was recorded");

    FillReceiver resumed = receiver();
    assertEquals(new FillFrom(VOLUME, recorded), resumed.from());
    assertEquals(recorded, resumed.doneBytes());
  }

  @Test
  void isWholeOnlyWhenEverythingIsWritten() {
    FillReceiver fill = receiver();
    fill.onData(VOLUME, 0, ByteBuffer.allocate(PIECE));
    fill.onAdvance(VOLUME, SIZE);
    fill.onEnd();
    assertFalse(fill.whole());
    replacement.writes.remove().done();
    assertTrue(fill.whole());
  }
}

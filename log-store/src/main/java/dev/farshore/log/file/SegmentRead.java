package dev.farshore.log.file;

import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Feeds a parser from its file, a block at a time, until it is finished. Where a block cannot be
 * read, only what the parser needs is tried, and after that the parser is told.
 */
final class SegmentRead implements Completion {

  static final int BLOCK_BYTES = 1 << 20;
  private static final int SECTOR_BYTES = 512;

  private enum Outcome {
    NONE,
    DONE,
    FAILED
  }

  private final DiskFile file;
  private final SegmentParser parser;
  private final int fileEnd;
  private final Runnable whenFinished;
  private ByteBuffer buffer;
  private boolean careful;
  private boolean submitting;
  private Outcome atOnce = Outcome.NONE;

  private SegmentRead(
      DiskFile file, SegmentParser parser, int fileEnd, int blockBytes, Runnable whenFinished) {
    this.file = file;
    this.parser = parser;
    this.fileEnd = fileEnd;
    this.whenFinished = whenFinished;
    this.buffer = allocate(Math.max(BatchHeader.BYTES, Math.min(blockBytes, fileEnd)));
  }

  /**
   * Begins to read.
   *
   * @param blockBytes how much to read at a time
   * @param whenFinished run once, when the parser is finished; within this call if it is already
   */
  static void start(
      DiskFile file, SegmentParser parser, int fileEnd, int blockBytes, Runnable whenFinished) {
    new SegmentRead(file, parser, fileEnd, blockBytes, whenFinished).goOn();
  }

  /** Reads on until a read does not complete within its call; a loop, so that the stack is flat. */
  private void goOn() {
    while (!parser.isFinished()) {
      atOnce = Outcome.NONE;
      submitting = true;
      submit();
      submitting = false;
      if (atOnce == Outcome.NONE) {
        return;
      }
      take(atOnce);
    }
    whenFinished.run();
  }

  private void submit() {
    int offset = parser.wantedOffset();
    int wanted = parser.wantedBytes();
    if (buffer.capacity() < wanted + SECTOR_BYTES) {
      buffer = allocate(wanted + SECTOR_BYTES);
    }
    int ideal =
        careful
            ? (offset + wanted + SECTOR_BYTES - 1) / SECTOR_BYTES * SECTOR_BYTES - offset
            : buffer.capacity();
    buffer.clear().limit(Math.min(ideal, fileEnd - offset));
    file.read(offset, buffer, this);
  }

  private void take(Outcome outcome) {
    boolean wasCareful = careful;
    careful = outcome == Outcome.FAILED && !wasCareful;
    if (outcome == Outcome.DONE) {
      parser.feed(buffer);
    } else if (wasCareful) {
      parser.unreadable();
    }
  }

  private void completed(Outcome outcome) {
    if (submitting) {
      atOnce = outcome;
    } else {
      take(outcome);
      goOn();
    }
  }

  @Override
  public void done() {
    completed(Outcome.DONE);
  }

  @Override
  public void failed(IOException cause) {
    completed(Outcome.FAILED);
  }

  private static ByteBuffer allocate(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}

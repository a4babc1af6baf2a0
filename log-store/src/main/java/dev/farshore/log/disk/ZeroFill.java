package dev.farshore.log.disk;

import java.io.IOException;
import java.nio.ByteBuffer;

/** Clears a range by writing zeros, one write after the other. */
final class ZeroFill implements Completion {
  private static final int STEP_BYTES = 1 << 20;
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(STEP_BYTES).asReadOnlyBuffer();

  private final DiskFile file;
  private final long end;
  private final Completion whole;
  private long next;
  private boolean submitting;
  private boolean doneAtOnce;

  ZeroFill(DiskFile file, long position, long length, Completion whole) {
    this.file = file;
    this.next = position;
    this.end = position + length;
    this.whole = whole;
  }

  @Override
  public void done() {
    if (submitting) {
      // A file that completes within the call must not make a range of any length a deep stack.
      doneAtOnce = true;
      return;
    }
    do {
      if (next == end) {
        whole.done();
        return;
      }
      int length = (int) Math.min(STEP_BYTES, end - next);
      long position = next;
      next += length;
      doneAtOnce = false;
      submitting = true;
      file.write(position, ZEROS.slice(0, length), this);
      submitting = false;
    } while (doneAtOnce);
  }

  @Override
  public void failed(IOException cause) {
    whole.failed(cause);
  }
}

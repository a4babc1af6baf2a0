package dev.farshore.log.file;

import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.DiskFile;
import dev.farshore.log.disk.DiskFullException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Makes one file ready to be a segment: gives it its size, all of it written with zeros or older
 * bytes and forced, so that later forces need no change of the file's metadata; makes its name
 * durable; and writes slot 0, the segment's number and salt, so that nothing older in it is
 * believed. Zeros are written and forced a megabyte at a time, not to hold up the forces of the
 * log.
 */
final class Preparation implements Completion {

  private static final int STEP_BYTES = 1 << 20;
  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(STEP_BYTES).asReadOnlyBuffer();

  private enum Step {
    WRITE_ZEROS,
    FORCE_ZEROS,
    WRITE_SLOT,
    FORCE_SLOT
  }

  private final SegmentSupply supply;
  private final Segment segment;
  private final DiskFile file;
  private final boolean created;
  private Step step = Step.FORCE_ZEROS;
  private long filled;

  Preparation(SegmentSupply supply, Segment segment, DiskFile file, boolean created) {
    this.supply = supply;
    this.segment = segment;
    this.file = file;
    this.created = created;
  }

  void start() throws IOException {
    int wanted = segment.fileBytes();
    if (file.size() > wanted) {
      file.setSize(wanted);
    }
    filled = file.size();
    next();
  }

  /** Does what follows the step that is done. */
  private void next() throws IOException {
    if (supply.isStopping()) {
      file.close();
      supply.stopped();
      return;
    }
    switch (step) {
      case WRITE_ZEROS -> {
        step = Step.FORCE_ZEROS;
        file.force(this);
      }
      case FORCE_ZEROS -> {
        int left = (int) (segment.fileBytes() - filled);
        if (left > 0) {
          writeZeros(Math.min(left, STEP_BYTES));
        } else {
          writeSlot();
        }
      }
      case WRITE_SLOT -> {
        step = Step.FORCE_SLOT;
        file.force(this);
      }
      case FORCE_SLOT -> {
        file.close();
        supply.prepared(segment, file.name());
      }
    }
  }

  private void writeZeros(int length) {
    step = Step.WRITE_ZEROS;
    long position = filled;
    filled += length;
    file.write(position, ZEROS.slice(0, length), this);
  }

  private void writeSlot() throws IOException {
    if (created) {
      supply.disk().forceDirectory();
    }
    SegmentSlot slot = SegmentSlot.ready(segment, supply.settings().group());
    ByteBuffer bytes = ByteBuffer.allocate(SegmentSlot.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    slot.encode(bytes, 0);
    step = Step.WRITE_SLOT;
    file.write(0, bytes, this);
  }

  @Override
  public void done() {
    try {
      next();
    } catch (IOException e) {
      supply.failed(e);
    }
  }

  @Override
  public void failed(IOException cause) {
    try {
      file.close();
      if (cause instanceof DiskFullException full) {
        supply.disk().delete(file.name());
        supply.foundNoRoom(full);
      } else {
        supply.failed(cause);
      }
    } catch (IOException e) {
      supply.failed(e);
    }
  }
}

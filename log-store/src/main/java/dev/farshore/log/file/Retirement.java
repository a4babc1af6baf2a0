package dev.farshore.log.file;

import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Makes the slots of a segment that is not needed any more say that its file is free, durably. */
final class Retirement implements Completion {

  private final SegmentSupply supply;
  private final Segment segment;
  private boolean written;

  Retirement(SegmentSupply supply, Segment segment) {
    this.supply = supply;
    this.segment = segment;
  }

  void start() throws IOException {
    SegmentSlot slot = SegmentSlot.free(supply.settings().group(), segment.number());
    ByteBuffer bytes = ByteBuffer.allocate(SegmentSlot.DATA_START).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < SegmentSlot.COUNT; i++) {
      slot.encode(bytes, i * SegmentSlot.PAGE_BYTES);
    }
    file().write(0, bytes, this);
  }

  private DiskFile file() throws IOException {
    return segment.file(supply.disk());
  }

  @Override
  public void done() {
    try {
      if (supply.isStopping()) {
        supply.stopped();
      } else if (written) {
        segment.close();
        supply.retired(segment);
      } else {
        written = true;
        file().force(this);
      }
    } catch (IOException e) {
      supply.failed(e);
    }
  }

  @Override
  public void failed(IOException cause) {
    supply.failed(cause);
  }
}

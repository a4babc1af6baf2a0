package dev.farshore.emulab.tun;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;

/**
 * Frames that are free. Grows by slabs to a limit, which bounds what may be queued and in flight,
 * and never shrinks. Belongs to the thread of its path.
 */
final class FramePool {

  private static final int SLAB_BYTES = 4 << 20;
  private static final int ALIGNMENT = 64;

  private final long frameBytes;
  private final long maxFrames;
  private final ArrayDeque<Frame> free = new ArrayDeque<>();
  private long frames;

  /**
   * @param packetBytes the longest packet
   * @param maxBytes most memory of all frames together
   */
  FramePool(int packetBytes, long maxBytes) {
    // One byte more, so that a packet that is too long can be told from one that just fits.
    frameBytes = (packetBytes + 1L + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    maxFrames = maxBytes / frameBytes;
  }

  /**
   * @return null if there is no room for one more
   */
  Frame take() {
    if (free.isEmpty()) {
      grow();
    }
    return free.pollLast();
  }

  private void grow() {
    long more = Math.min(Math.max(1, SLAB_BYTES / frameBytes), maxFrames - frames);
    if (more <= 0) {
      return;
    }
    MemorySegment slab = Arena.ofAuto().allocate(more * frameBytes, ALIGNMENT);
    for (long i = 0; i < more; i++) {
      free.addLast(new Frame(slab.asSlice(i * frameBytes, frameBytes)));
    }
    frames += more;
  }

  void giveBack(Frame frame) {
    free.addLast(frame);
  }
}

package dev.farshore.emulab.tun;

import java.lang.foreign.MemorySegment;

/** Memory outside the heap for one packet. Belongs to the thread of its path. */
final class Frame {

  private final MemorySegment memory;
  private int bytes;

  Frame(MemorySegment memory) {
    this.memory = memory;
  }

  /** All of it. */
  MemorySegment memory() {
    return memory;
  }

  void hold(int packetBytes) {
    bytes = packetBytes;
  }

  /** Length of the packet that it holds. */
  int bytes() {
    return bytes;
  }
}

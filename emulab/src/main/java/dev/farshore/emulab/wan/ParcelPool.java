package dev.farshore.emulab.wan;

import java.util.ArrayDeque;

/** Parcels that are free. Bounds what may be in flight. Owned by the event loop. */
final class ParcelPool {

  /** Fits any datagram of Ethernet; larger ones get memory of their own, for once. */
  private static final int USUAL_BYTES = 2_048;

  private final long maxBytes;
  private final ArrayDeque<Parcel> free = new ArrayDeque<>();
  private long allocatedBytes;

  /**
   * @param maxBytes most memory of all parcels together
   */
  ParcelPool(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * @return null if there is no room for one more
   */
  Parcel take(int bytes) {
    if (bytes <= USUAL_BYTES && !free.isEmpty()) {
      return free.removeLast();
    }
    int capacity = Math.max(bytes, USUAL_BYTES);
    if (allocatedBytes + capacity > maxBytes) {
      return null;
    }
    allocatedBytes += capacity;
    return new Parcel(capacity);
  }

  void giveBack(Parcel parcel) {
    if (parcel.capacity() == USUAL_BYTES) {
      free.addLast(parcel);
    } else {
      allocatedBytes -= parcel.capacity();
    }
  }
}

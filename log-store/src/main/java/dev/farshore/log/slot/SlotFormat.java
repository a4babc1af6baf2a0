package dev.farshore.log.slot;

/**
 * What a {@link TwoSlotFile} holds.
 *
 * @param magic names the kind of value
 * @param version of the value's layout
 * @param slotBytes size of a slot, a multiple of 4096, more than {@link #OVERHEAD_BYTES} above the
 *     longest value; never changes for a kind
 */
public record SlotFormat(long magic, int version, int slotBytes) {

  /** Bytes of a slot that are not value. */
  public static final int OVERHEAD_BYTES = 28;

  public SlotFormat {
    if (slotBytes <= 0 || slotBytes % 4096 != 0) {
      throw new IllegalArgumentException("a slot of " + slotBytes + " bytes");
    }
  }

  /** Longest value that fits. */
  public int valueBytesMax() {
    return slotBytes - OVERHEAD_BYTES;
  }
}

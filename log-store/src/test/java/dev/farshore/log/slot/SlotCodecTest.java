package dev.farshore.log.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class SlotCodecTest {
  private static final SlotFormat FORMAT = new SlotFormat(0x0102030405060708L, 3, 4096);

  private static ByteBuffer slot() {
    return SlotCodec.encode(
        FORMAT, 7, ByteBuffer.wrap("fourteen bytes".getBytes(StandardCharsets.US_ASCII)));
  }

  private static ByteBuffer whole(ByteBuffer slot) {
    return ByteBuffer.allocate(FORMAT.slotBytes()).put(slot).clear();
  }

  @Test
  void isLaidOutAsDocumented() {
    assertEquals(
        "0807060504030201"
            + "03000000"
            + "0e000000"
            + "0700000000000000"
            + "666f75727465656e206279746573"
            + "0be880b9",
        HexFormat.of().formatHex(slot().array()));
  }

  @Test
  void readsWhatItWrote() throws IOException {
    SlotCodec.Slot slot = SlotCodec.decode(FORMAT, whole(slot())).orElseThrow();
    assertEquals(7, slot.sequence());
    assertEquals("fourteen bytes", StandardCharsets.US_ASCII.decode(slot.value()).toString());
  }

  @Test
  void takesNoTornSlotForAValue() throws IOException {
    byte[] bytes = slot().array();
    for (int length = 0; length < bytes.length; length++) {
      assertTrue(
          SlotCodec.decode(FORMAT, ByteBuffer.wrap(bytes, 0, length)).isEmpty(),
          "cut at " + length);
      assertTrue(
          SlotCodec.decode(FORMAT, whole(ByteBuffer.wrap(bytes, 0, length))).isEmpty(),
          "zeros from " + length);
    }
  }

  @Test
  void takesNoFlippedBitForAValue() throws IOException {
    byte[] bytes = slot().array();
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      assertTrue(SlotCodec.decode(FORMAT, whole(ByteBuffer.wrap(flipped))).isEmpty(), "bit " + bit);
    }
  }

  @Test
  void refusesAnotherVersionRatherThanTakingItForDamage() {
    SlotFormat later = new SlotFormat(FORMAT.magic(), 4, 4096);
    assertThrows(IOException.class, () -> SlotCodec.decode(later, whole(slot())));
  }
}

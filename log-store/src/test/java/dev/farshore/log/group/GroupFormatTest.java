package dev.farshore.log.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.record.Chain;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The bytes of the superblock and of a replacement's progress, against the package's tables. */
class GroupFormatTest {
  private static final LogPosition POSITION =
      new LogPosition(0x0102, new Epoch(3, 4, 5), new Chain(0x06, 0x07));

  private static final String POSITION_HEX =
      "0201000000000000" // LSN
          + "030000000400000005000000" // epoch
          + "0600000000000000" // chain, high
          + "0700000000000000"; // chain, low

  private static final List<VolumeInfo> VOLUMES =
      List.of(new VolumeInfo(8, "ab", 0x100000), new VolumeInfo(9, "\u00fc", 0x200));

  private static final String VOLUMES_HEX =
      "02000000"
          + "08000000" // number
          + "02000000" // name
          + "6162"
          + "0000100000000000" // size
          + "09000000"
          + "02000000"
          + "c3bc"
          + "0002000000000000";

  private static Superblock superblock() {
    FoldIntent intent =
        new FoldIntent(
            0x0b, List.of(new FoldIntent.Block(8, 0x0c, 0x0d), new FoldIntent.Block(9, 0, -1)));
    return new Superblock(
        10,
        POSITION,
        17,
        VOLUMES,
        false,
        Optional.of(new Superblock.Aside(9, "old")),
        Optional.of(intent));
  }

  private static Superblock degraded() {
    return new Superblock(1, POSITION, 0, List.of(), true, Optional.empty(), Optional.empty());
  }

  private static ReplacementState replacement() {
    return new ReplacementState(
        11, POSITION, VOLUMES, new ImageReplacement.Progress(8, 0x0000_1234_0000_5000L));
  }

  private static String hex(ByteBuffer value) {
    byte[] bytes = new byte[value.remaining()];
    value.get(value.position(), bytes);
    return HexFormat.of().formatHex(bytes);
  }

  @Test
  void theSuperblockIsLaidOutAsDocumented() {
    assertEquals(
        "0a00000000000000" // generation
            + POSITION_HEX
            + "11000000" // highest
            + VOLUMES_HEX
            + "0900000000000000" // aside
            + "03000000"
            + "6f6c64" // its name
            + "0b00000000000000" // to
            + "02000000" // mixed blocks
            + "08000000"
            + "0c00000000000000"
            + "0d000000"
            + "09000000"
            + "0000000000000000"
            + "ffffffff",
        hex(SuperblockCodec.encode(superblock())));
    assertEquals(
        "0100000000000000" // generation
            + "0000000000000000000000000000000000000000" // at the start
            + "00000000000000000000000000000000"
            + "00000000" // highest
            + "00000000" // no volumes
            + "0000000000000000" // no aside
            + "00000000"
            + "0000000000000000" // no fold
            + "00000000",
        hex(SuperblockCodec.encode(Superblock.empty())));
    assertEquals(
        "0100000000000000"
            + POSITION_HEX
            + "00000000" // highest
            + "00000000" // no volumes
            + "0000000000000000" // no aside
            + "00000000"
            + "0000000000000000" // no fold
            + "00000000"
            + "01000000", // degraded
        hex(SuperblockCodec.encode(degraded())));
  }

  @Test
  void aReplacementIsLaidOutAsDocumented() {
    assertEquals(
        "0b00000000000000" // generation
            + POSITION_HEX
            + "08000000" // volume
            + "0050000034120000" // offset
            + VOLUMES_HEX,
        hex(replacement().encode()));
  }

  @Test
  void theyComeBackAsTheyWere() throws IOException {
    assertEquals(superblock(), SuperblockCodec.decode(SuperblockCodec.encode(superblock())));
    assertEquals(
        Superblock.empty(), SuperblockCodec.decode(SuperblockCodec.encode(Superblock.empty())));
    assertEquals(degraded(), SuperblockCodec.decode(SuperblockCodec.encode(degraded())));
    assertEquals(replacement(), ReplacementState.decode(replacement().encode()));
  }

  @Test
  void everyTruncationIsRefused() {
    ByteBuffer superblock = SuperblockCodec.encode(superblock());
    for (int length = 0; length < superblock.limit(); length++) {
      ByteBuffer cut = superblock.slice(0, length);
      assertThrows(IOException.class, () -> SuperblockCodec.decode(cut), "at " + length);
    }
    ByteBuffer degraded = SuperblockCodec.encode(degraded());
    int withoutSpan = degraded.limit() - Integer.BYTES;
    for (int length = 0; length < degraded.limit(); length++) {
      if (length != withoutSpan) {
        ByteBuffer cut = degraded.slice(0, length);
        assertThrows(IOException.class, () -> SuperblockCodec.decode(cut), "at " + length);
      }
    }
    ByteBuffer replacement = replacement().encode();
    for (int length = 0; length < replacement.limit(); length++) {
      ByteBuffer cut = replacement.slice(0, length);
      assertThrows(IOException.class, () -> ReplacementState.decode(cut), "at " + length);
    }
  }

  /** The slots' checksums find them; a value that passed those must still not break the reader. */
  @Test
  void everyFlippedBitIsRefusedOrIsAnotherValue() {
    byte[] superblock = new byte[SuperblockCodec.encode(superblock()).remaining()];
    SuperblockCodec.encode(superblock()).get(superblock);
    byte[] replacement = new byte[replacement().encode().remaining()];
    replacement().encode().get(replacement);
    int refused = 0;
    for (int bit = 0; bit < superblock.length * 8; bit++) {
      try {
        SuperblockCodec.decode(flipped(superblock, bit));
      } catch (IOException expected) {
        refused++;
      }
    }
    for (int bit = 0; bit < replacement.length * 8; bit++) {
      try {
        ReplacementState.decode(flipped(replacement, bit));
      } catch (IOException expected) {
        refused++;
      }
    }
    assertTrue(refused > 100, "refused " + refused);
  }

  private static ByteBuffer flipped(byte[] bytes, int bit) {
    byte[] flipped = bytes.clone();
    flipped[bit / 8] ^= (byte) (1 << bit % 8);
    return ByteBuffer.wrap(flipped);
  }
}

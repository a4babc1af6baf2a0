package dev.farshore.log.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.chronicle.ExcerptFormat.Boundary;
import dev.farshore.log.chronicle.ExcerptFormat.Kind;
import dev.farshore.log.record.Chain;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExcerptFormatTest {
  private static final Boundary BOUNDARY =
      new Boundary(
          0x0102030405060708L,
          9,
          new LogPosition(0x1112, new Epoch(3, 4, 5), new Chain(-2, 0x2122)),
          0x3132);

  private static ByteBuffer boundary(Kind kind) {
    ByteBuffer excerpt = ByteBuffer.allocate(ExcerptFormat.BOUNDARY_BYTES);
    ExcerptFormat.putBoundary(excerpt, kind, 0x4142, BOUNDARY);
    return excerpt;
  }

  private static ByteBuffer record() {
    ByteBuffer excerpt = ByteBuffer.allocate(ExcerptFormat.PREFIX_BYTES + 5);
    ExcerptFormat.putRecordPrefix(excerpt, 0x4142);
    return excerpt;
  }

  private static String hex(ByteBuffer excerpt) {
    return HexFormat.of().formatHex(excerpt.array());
  }

  @Test
  void bytesAreThoseOfTheTable() {
    assertEquals(
        "f7dc17bf01010000424100000000000008070605040302010900000003000000"
            + "04000000050000001211000000000000feffffffffffffff2221000000000000"
            + "32310000000000000000000000000000",
        hex(boundary(Kind.OPEN)));
    assertEquals(
        "afb0e95301030000424100000000000008070605040302010900000003000000"
            + "04000000050000001211000000000000feffffffffffffff2221000000000000"
            + "32310000000000000000000000000000",
        hex(boundary(Kind.CLOSE)));
    assertEquals("d0e2d2ab0102000042410000000000000000000000", hex(record()));
  }

  @Test
  void readsBackWhatWasWritten() {
    for (Kind kind : new Kind[] {Kind.OPEN, Kind.CLOSE}) {
      assertEquals(Optional.of(kind), ExcerptFormat.kind(boundary(kind)));
      assertEquals(BOUNDARY, ExcerptFormat.boundary(boundary(kind)));
      assertEquals(0x4142, ExcerptFormat.forced(boundary(kind)));
    }
    assertEquals(Optional.of(Kind.RECORD), ExcerptFormat.kind(record()));
    assertEquals(0x4142, ExcerptFormat.forced(record()));
  }

  @Test
  void everyTruncationAndEverySingleBitFlipIsSeen() {
    for (ByteBuffer excerpt : new ByteBuffer[] {boundary(Kind.OPEN), boundary(Kind.CLOSE)}) {
      assertNothingElsePasses(excerpt, ExcerptFormat.BOUNDARY_BYTES);
    }
    assertNothingElsePasses(record(), ExcerptFormat.PREFIX_BYTES);
  }

  private static void assertNothingElsePasses(ByteBuffer excerpt, int covered) {
    for (int length = 0; length < covered; length++) {
      assertTrue(ExcerptFormat.kind(excerpt.slice(0, length)).isEmpty(), "length " + length);
    }
    for (int bit = 0; bit < 8 * covered; bit++) {
      byte whole = excerpt.get(bit / 8);
      excerpt.put(bit / 8, (byte) (whole ^ 1 << bit % 8));
      assertTrue(ExcerptFormat.kind(excerpt).isEmpty(), "bit " + bit);
      excerpt.put(bit / 8, whole);
    }
  }
}

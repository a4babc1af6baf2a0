package dev.farshore.appliance.nbd;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.farshore.log.group.Extent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Every kind of reply, byte by byte. */
class ReplyEncoderTest {

  private static final long COOKIE = 0x0102030405060708L;
  private final ByteBuf out = Unpooled.buffer();

  private void expect(String hex) {
    byte[] expected = HexFormat.of().parseHex(hex.replace(" ", ""));
    assertArrayEquals(expected, ByteBufUtil.getBytes(out), () -> ByteBufUtil.hexDump(out));
  }

  @Test
  void simple() {
    ReplyEncoder.simple(out, NbdError.ENOSPC, COOKIE);
    expect("67446698 0000001c 0102030405060708");
  }

  @Test
  void none() {
    ReplyEncoder.none(out, COOKIE);
    expect("668e33ef 0001 0000 0102030405060708 00000000");
  }

  @Test
  void dataWithMoreToCome() {
    ReplyEncoder.offsetData(out, false, COOKIE, 0x1000, 3);
    expect("668e33ef 0000 0001 0102030405060708 0000000b 0000000000001000");
    assertEquals(ReplyEncoder.DATA_CHUNK_OVERHEAD, out.readableBytes());
  }

  @Test
  void hole() {
    ReplyEncoder.offsetHole(out, true, COOKIE, 0x1000, 0xffff_fff0L);
    expect("668e33ef 0001 0002 0102030405060708 0000000c 0000000000001000 fffffff0");
  }

  @Test
  void error() {
    ReplyEncoder.error(out, NbdError.ESHUTDOWN, COOKIE, "why");
    expect("668e33ef 0001 8001 0102030405060708 00000009 0000006c 0003 776879");
  }

  @Test
  void cutsLongErrorTextsBetweenCharacters() {
    ReplyEncoder.error(out, NbdError.EIO, COOKIE, "x" + "\u00e9".repeat(1000));
    int length = out.getUnsignedShort(24);
    assertEquals(255, length);
    String text = out.toString(26, length, StandardCharsets.UTF_8);
    assertEquals("x" + "\u00e9".repeat(127), text);
  }

  private static Extent extent(long length, Extent.Kind kind) {
    return new Extent(length, kind);
  }

  @Test
  void statusJoinsNeighboursAndStaysInsideTheRange() {
    List<Extent> extents =
        List.of(
            extent(10, Extent.Kind.DATA),
            extent(20, Extent.Kind.DATA),
            extent(5, Extent.Kind.ZERO),
            extent(1000, Extent.Kind.HOLE));
    ReplyEncoder.blockStatus(out, COOKIE, extents, 100, false);
    expect(
        "668e33ef 0001 0005 0102030405060708 0000001c 00000001"
            + "0000001e 00000000 00000005 00000002 00000041 00000003");
  }

  @Test
  void statusOfOneExtentOnly() {
    List<Extent> extents =
        List.of(
            extent(10, Extent.Kind.HOLE),
            extent(10, Extent.Kind.HOLE),
            extent(5, Extent.Kind.DATA));
    ReplyEncoder.blockStatus(out, COOKIE, extents, 100, true);
    expect("668e33ef 0001 0005 0102030405060708 0000000c 00000001 00000014 00000003");
  }

  @Test
  void statusOfThePrefixThatTheExportTold() {
    ReplyEncoder.blockStatus(out, COOKIE, List.of(extent(10, Extent.Kind.DATA)), 1 << 20, false);
    expect("668e33ef 0001 0005 0102030405060708 0000000c 00000001 0000000a 00000000");
  }

  @Test
  void anExportThatTellsNothingIsBroken() {
    assertThrows(
        IllegalStateException.class,
        () -> ReplyEncoder.blockStatus(out, COOKIE, List.of(), 1, false));
  }
}

package dev.farshore.log.record;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class RecordFormatTest {

  private static final Epoch EPOCH = new Epoch(3, 1, 2);
  private static final Chain BEFORE = new Chain(0x1122334455667788L, 0x99aabbccddeeff00L);

  private static final List<Change> ONE_OF_EACH =
      List.of(
          new Change.Write(7, 4090, ByteBuffer.wrap(random(5_000, 1))),
          new Change.Write(7, 0, ByteBuffer.wrap(new byte[] {42})),
          new Change.Zero(7, 1, Long.MAX_VALUE - 1),
          new Change.Trim(8, 1 << 20, 1),
          new Change.VolumeCreate(9, "données", 1L << 40),
          new Change.VolumeResize(9, 0),
          new Change.VolumeRemove(9),
          new Change.EpochStart(new Epoch(2, 2, 0)),
          new Change.DegradedSpan(false),
          new Change.DegradedSpan(true),
          new Change.Mark(""),
          new Change.Mark("x".repeat(255)));

  private static ByteBuffer encode(Change change, Chain previous) {
    ByteBuffer target = ByteBuffer.allocate(RecordEncoder.encodedBytes(change));
    RecordHead head = new RecordHead(0xf00dL, 41, EPOCH, 1_760_000_000_000L, true, false);
    new RecordEncoder().encode(head, change, previous, target);
    assertFalse(target.hasRemaining(), "takes the bytes that it says");
    return target.flip();
  }

  private static boolean isIntact(ByteBuffer record) {
    RecordView view = new RecordView().wrap(record);
    return view.verifyHeader()
        && view.encodedBytes() == record.remaining()
        && view.verifyPayload()
        && view.chainAfter(BEFORE).equals(view.chain());
  }

  @Test
  void everyChangeComesBackAsItWas() {
    for (Change change : ONE_OF_EACH) {
      RecordView view = new RecordView().wrap(encode(change, BEFORE));
      assertTrue(view.verifyHeader() && view.verifyPayload(), change.toString());
      assertEquals(change, view.change());
      assertEquals(change.volume(), view.volume());
      assertEquals(0xf00dL, view.group());
      assertEquals(41, view.lsn());
      assertEquals(EPOCH, view.epoch());
      assertEquals(1_760_000_000_000L, view.wallMillis());
      assertTrue(view.firstOfAppend());
      assertFalse(view.lastOfAppend());
      assertEquals(view.chainAfter(BEFORE), view.chain());
      assertNotEquals(view.chainAfter(Chain.EMPTY), view.chain());
    }
  }

  @Test
  void theBytesOfAWriteAreTheGoldenOnes() {
    ByteBuffer record =
        encode(new Change.Write(5, 4094, ByteBuffer.wrap(new byte[] {1, 2, 3})), BEFORE);
    assertEquals(GOLDEN_WRITE, HexFormat.of().formatHex(record.array()));
  }

  /** Computed once by other programs: the checksums bit by bit, the chain by the xxHash library. */
  private static final String GOLDEN_WRITE =
      "169b04aa63000000"
          + "dcc3017380aeddc9643fa0fbf1113dba" // chain
          + "01010100" // version, type, flags
          + "03000000" // payload
          + "0df0000000000000" // group
          + "2900000000000000" // lsn
          + "030000000100000002000000" // epoch
          + "05000000" // volume
          + "fe0f000000000000" // offset
          + "0300000000000000" // extent
          + "00c02cc899010000" // time
          + "529ff803a5a02d41" // table
          + "010203";

  @Test
  void noTruncationIsTakenForARecord() {
    for (Change change : ONE_OF_EACH) {
      ByteBuffer record = encode(change, BEFORE);
      assertTrue(isIntact(record));
      for (int length = 0; length < record.limit(); length++) {
        RecordView view = new RecordView().wrap(record.duplicate().limit(length));
        assertFalse(view.verifyHeader(), change + " cut to " + length);
      }
    }
  }

  @Test
  void noFlippedBitIsTakenForARecord() {
    for (Change change : ONE_OF_EACH) {
      byte[] bytes = encode(change, BEFORE).array();
      for (int bit = 0; bit < bytes.length * 8; bit++) {
        bytes[bit / 8] ^= (byte) (1 << (bit % 8));
        assertFalse(isIntact(ByteBuffer.wrap(bytes)), change + " with bit " + bit + " flipped");
        bytes[bit / 8] ^= (byte) (1 << (bit % 8));
      }
      assertTrue(isIntact(ByteBuffer.wrap(bytes)));
    }
  }

  @Test
  void noGarbageIsTakenForARecordOrBreaksTheReader() {
    SplittableRandom random = new SplittableRandom(99);
    byte[] good = encode(ONE_OF_EACH.get(0), BEFORE).array();
    for (int i = 0; i < 20_000; i++) {
      byte[] bytes = Arrays.copyOf(good, random.nextInt(good.length));
      for (int flips = random.nextInt(1, 20); flips > 0 && bytes.length > 0; flips--) {
        bytes[random.nextInt(Math.min(bytes.length, 100))] = (byte) random.nextInt();
      }
      assertFalse(new RecordView().wrap(ByteBuffer.wrap(bytes)).verifyHeader(), "seed 99, " + i);
    }
  }

  @Test
  void refusesForgedFormsEvenUnderAGoodChecksum() {
    byte[] good = encode(new Change.Zero(1, 10, 20), BEFORE).array();
    int[][] forgeries = {
      {RecordLayout.VERSION, 2},
      {RecordLayout.TYPE, 0},
      {RecordLayout.TYPE, 10},
      {RecordLayout.TYPE, 0xff},
      {RecordLayout.FLAGS, 4},
      {RecordLayout.ZERO, 1},
      {RecordLayout.LSN + 7, 0x80},
      {RecordLayout.VOLUME + 3, 0x80},
      {RecordLayout.EPOCH_SITE + 3, 0x80},
      {RecordLayout.OFFSET + 7, 0x80},
      {RecordLayout.OFFSET + 7, 0x7f},
      {RecordLayout.EXTENT, 0},
      {RecordLayout.PAYLOAD_LENGTH, 1},
    };
    for (int[] forgery : forgeries) {
      byte[] bytes = good.clone();
      bytes[forgery[0]] = (byte) forgery[1];
      if (forgery[0] == RecordLayout.OFFSET + 7 && forgery[1] == 0x7f) {
        Arrays.fill(bytes, RecordLayout.OFFSET, RecordLayout.OFFSET + 7, (byte) 0xff);
      }
      CRC32C crc = new CRC32C();
      crc.update(bytes, 4, bytes.length - 4);
      ByteBuffer record = RecordLayout.littleEndian(ByteBuffer.wrap(bytes));
      record.putInt(0, (int) crc.getValue());
      assertFalse(new RecordView().wrap(record).verifyHeader(), Arrays.toString(forgery));
    }
  }

  @Test
  void cutsThePayloadIntoPiecesAtTheBlocksOfTheVolume() {
    byte[] data = random(10_000, 2);
    RecordView view =
        new RecordView()
            .wrap(encode(new Change.Write(1, 3 * 4096 + 4000, ByteBuffer.wrap(data)), BEFORE));
    int[] starts = {0, 96, 96 + 4096, 96 + 8192, 10_000};
    assertEquals(4, view.pieces());
    for (int i = 0; i < 4; i++) {
      CRC32C crc = new CRC32C();
      crc.update(data, starts[i], starts[i + 1] - starts[i]);
      assertEquals((int) crc.getValue(), view.pieceChecksum(i));
      assertEquals(starts[i], RecordFormat.pieceStart(view.offset(), i));
      assertTrue(view.verifyPiece(i));
    }
  }

  @Test
  void aDamagedByteSpoilsItsPieceOnly() {
    ByteBuffer record =
        encode(new Change.Write(1, 100, ByteBuffer.wrap(random(12_000, 3))), BEFORE);
    RecordView view = new RecordView().wrap(record);
    record.put(view.payloadStart() + 5_000, (byte) ~record.get(view.payloadStart() + 5_000));
    assertTrue(view.verifyHeader());
    assertTrue(view.verifyPiece(0));
    assertFalse(view.verifyPiece(1));
    assertTrue(view.verifyPiece(2));
    assertFalse(view.verifyPayload());
  }

  @Test
  void verifiesHeaderAndTableWithoutThePayload() {
    ByteBuffer record = encode(new Change.Write(1, 0, ByteBuffer.wrap(random(9_000, 4))), BEFORE);
    int body = new RecordView().wrap(record).payloadStart();
    assertTrue(new RecordView().wrap(record.duplicate().limit(body)).verifyTable());
    assertFalse(new RecordView().wrap(record.duplicate().limit(body - 1)).verifyTable());
  }

  @Test
  void encodesTheLargestPayload() {
    ByteBuffer data = ByteBuffer.allocate(RecordFormat.MAX_PAYLOAD_BYTES);
    data.put(12_345_678, (byte) 9);
    Change change = new Change.Write(1, 1, data);
    assertTrue(RecordEncoder.encodedBytes(change) <= RecordFormat.MAX_APPEND_BYTES);
    assertTrue(isIntact(encode(change, BEFORE)));
  }

  @Test
  void encodesInThePlaceAndOrderThatTheTargetHas() {
    ByteBuffer target = ByteBuffer.allocateDirect(20_000).position(33);
    Change change = ONE_OF_EACH.get(0);
    RecordHead head = new RecordHead(0xf00dL, 41, EPOCH, 1_760_000_000_000L, true, false);
    Chain chain = new RecordEncoder().encode(head, change, BEFORE, target);
    byte[] bytes = new byte[target.position() - 33];
    target.get(33, bytes);
    assertArrayEquals(encode(change, BEFORE).array(), bytes);
    assertEquals(chain, new RecordView().wrap(ByteBuffer.wrap(bytes)).chain());
  }

  @Test
  void refusesChangesThatTheFormatHasNoRoomFor() {
    List<Change> refused =
        List.of(
            new Change.Write(1, 0, ByteBuffer.allocate(0)),
            new Change.Write(1, 0, ByteBuffer.allocate(RecordFormat.MAX_PAYLOAD_BYTES + 1)),
            new Change.Write(1, Long.MAX_VALUE, ByteBuffer.allocate(1)),
            new Change.Write(-1, 0, ByteBuffer.allocate(1)),
            new Change.Zero(1, -1, 1),
            new Change.Trim(1, 0, 0),
            new Change.VolumeCreate(1, "", 1),
            new Change.VolumeCreate(1, "é".repeat(128), 1),
            new Change.VolumeResize(1, -1),
            new Change.Mark("x".repeat(256)));
    for (Change change : refused) {
      assertThrows(
          IllegalArgumentException.class,
          () -> RecordEncoder.encodedBytes(change),
          change.toString());
    }
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }
}

package dev.farshore.link.packet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.packet.Packet.Rejected;
import dev.farshore.link.packet.Packet.Rejection;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

class PacketCodecTest {

  private static final long SESSION = 0x1122334455667788L;
  private static final int SIZE = 1472;

  private static final Packet.Ack ACK =
      new Packet.Ack(
          7,
          1000,
          0x100000,
          55,
          44,
          0x1234,
          0xfedcba98,
          250,
          new ArrivalCounts(900, 17, 12, 3, 0x1c0),
          List.of(new SequenceRange(1002, 1004), new SequenceRange(1010, 1011)));
  private static final Packet.Nak NAK =
      new Packet.Nak(8, 1000, 0x1234, List.of(new SequenceRange(1000, 1002)));
  private static final Packet.Ping PING = new Packet.Ping(9, 1012, 990, 0x01020304);
  private static final Packet.Close CLOSE = new Packet.Close(10, 1012, 0x200000);
  private static final Recipe RECIPE = new Recipe(0x0102, 100, 2, ErasureCode.XOR, 8, 1, 5);

  private static byte[] copy(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static byte[] dataPacket() {
    PacketWriter writer = new PacketWriter(SESSION, SIZE);
    byte[] payload = "payload".getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(payload, 0, writer.bytes(), PacketLayout.DATA_PAYLOAD_AT, payload.length);
    return copy(writer.data(5, 0x0a0b0c, 0x0d0e0f, 0x11223344, payload.length));
  }

  private static byte[] repairPacket() {
    byte[] symbol = "0123456789ab".getBytes(StandardCharsets.US_ASCII);
    return copy(new PacketWriter(SESSION, SIZE).repair(6, RECIPE, 0, 0x0100, symbol, 12));
  }

  private static Map<String, byte[]> all() {
    Map<String, byte[]> packets = new LinkedHashMap<>();
    packets.put("data", dataPacket());
    packets.put("repair", repairPacket());
    packets.put("ack", copy(new PacketWriter(SESSION, SIZE).ack(ACK)));
    packets.put("nak", copy(new PacketWriter(SESSION, SIZE).nak(NAK)));
    packets.put("ping", copy(new PacketWriter(SESSION, SIZE).ping(PING)));
    packets.put("close", copy(new PacketWriter(SESSION, SIZE).close(CLOSE)));
    return packets;
  }

  private static Packet read(byte[] datagram) {
    return new PacketReader(SESSION, SIZE).read(ByteBuffer.wrap(datagram));
  }

  /** The tag as the package documentation says, computed without the product's code. */
  private static String tag(String hex) {
    CRC32C crc = new CRC32C();
    crc.update(HexFormat.of().parseHex(hex));
    return "%08x%024x".formatted(crc.getValue(), 0);
  }

  private static void assertGolden(String packet, String... fields) {
    String body = String.join("", fields).replace(" ", "");
    assertEquals(body + tag(body), HexFormat.of().formatHex(all().get(packet)), packet);
  }

  @Test
  void layoutsAreThoseOfTheByteTable() {
    assertGolden(
        "data",
        "01 02 00 00 1122334455667788 0000000000000005",
        "00000000000a0b0c 00000000000d0e0f 11223344",
        "7061796c6f6164");
    assertGolden(
        "repair",
        "02 02 00 00 1122334455667788 0000000000000006",
        "0000000000000102 0000000000000100 0064 02 01 08 01 00 05",
        "303132333435363738396162");
    assertGolden(
        "ack",
        "03 02 00 00 1122334455667788 0000000000000007",
        "00000000000003e8 0000000000100000 0000000000000037 000000000000002c",
        "0000000000001234 fedcba98 000000fa",
        "0000000000000384 0000000000000011 000000000000000c 00000003 000001c0",
        "0002 0000 00000002 00000002 0000000a 00000001");
    assertGolden(
        "nak",
        "04 02 00 00 1122334455667788 0000000000000008",
        "00000000000003e8 0000000000001234 0001 0000 00000000 00000002");
    assertGolden(
        "ping",
        "05 02 00 00 1122334455667788 0000000000000009",
        "00000000000003f4 00000000000003de 01020304");
    assertGolden(
        "close",
        "06 02 00 00 1122334455667788 000000000000000a",
        "00000000000003f4 0000000000200000");
  }

  @Test
  void crc32cIsCastagnolis() {
    // The check value of CRC-32/ISCSI, so that the tags above are not the JDK's word alone.
    CRC32C crc = new CRC32C();
    crc.update("123456789".getBytes(StandardCharsets.US_ASCII));
    assertEquals(0xe3069283L, crc.getValue());
  }

  @Test
  void readsWhatWasWritten() {
    Packet.Data data = assertInstanceOf(Packet.Data.class, read(dataPacket()));
    assertEquals(new Packet.Data(5, 0x0a0b0c, 0x0d0e0f, 0x11223344, data.payload()), data);
    assertEquals("payload", StandardCharsets.US_ASCII.decode(data.payload()).toString());
    Packet.Repair repair = assertInstanceOf(Packet.Repair.class, read(repairPacket()));
    assertEquals(new Packet.Repair(6, RECIPE, 0, 0x0100, repair.symbol()), repair);
    assertEquals("0123456789ab", StandardCharsets.US_ASCII.decode(repair.symbol()).toString());
    assertEquals(ACK, read(all().get("ack")));
    assertEquals(NAK, read(all().get("nak")));
    assertEquals(PING, read(all().get("ping")));
    assertEquals(CLOSE, read(all().get("close")));
  }

  @Test
  void readsFromAnyPositionOfADirectBuffer() {
    for (byte[] packet : all().values()) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(packet.length + 9);
      buffer.position(5).put(packet).flip().position(5);
      Packet expected = read(packet);
      assertEquals(expected, new PacketReader(SESSION, SIZE).read(buffer));
      assertEquals(5, buffer.position());
      assertEquals(5 + packet.length, buffer.limit());
    }
  }

  @Test
  void everyTruncationIsRejected() {
    all()
        .forEach(
            (name, packet) -> {
              for (int length = 0; length < packet.length; length++) {
                assertInstanceOf(
                    Rejected.class, read(Arrays.copyOf(packet, length)), name + " " + length);
              }
              assertInstanceOf(
                  Rejected.class, read(Arrays.copyOf(packet, packet.length + 1)), name);
            });
  }

  @Test
  void everyBitFlipIsRejected() {
    all()
        .forEach(
            (name, packet) -> {
              for (int bit = 0; bit < 8 * packet.length; bit++) {
                byte[] flipped = packet.clone();
                flipped[bit / 8] ^= (byte) (1 << bit % 8);
                assertInstanceOf(Rejected.class, read(flipped), name + " bit " + bit);
              }
            });
  }

  @Test
  void bodiesThatMakeNoSenseAreRejectedThoughTheTagIsRight() {
    // Whatever is in a body, the reader must answer with a packet that holds its own rules.
    SplittableRandom random = new SplittableRandom(11);
    int rejected = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] packet = new ArrayList<>(all().values()).get(i % 6);
      int flips = 1 + random.nextInt(4);
      for (int j = 0; j < flips; j++) {
        int at = random.nextInt(PacketLayout.HEADER_BYTES, packet.length - PacketLayout.TAG_BYTES);
        packet[at] = (byte) (random.nextBoolean() ? random.nextInt() : -random.nextInt(2));
      }
      packet[0] = (byte) random.nextInt(8);
      Packet result = read(retag(packet));
      switch (result) {
        case Rejected r -> {
          assertEquals(Rejection.BODY, r.reason());
          rejected++;
        }
        case Packet.Data data -> assertNotEquals(0, data.payload().remaining());
        case Packet.Repair repair -> {
          assertTrue(repair.index() < repair.recipe().repairs());
          assertTrue(repair.recipe().last() >= repair.recipe().first());
        }
        case Packet.Ack ack -> assertAscending(ack.nextSequence(), ack.ranges());
        case Packet.Nak nak -> assertAscending(nak.nextSequence(), nak.ranges());
        case Packet.Ping ping -> assertTrue(ping.nextSequence() >= 0);
        case Packet.Close close -> assertTrue(close.streamEnd() >= 0);
      }
    }
    assertTrue(rejected > 1000, "the test must reach the checks");
  }

  private static void assertAscending(long least, List<SequenceRange> ranges) {
    long end = least;
    for (SequenceRange range : ranges) {
      assertTrue(range.first() >= end && range.end() > range.first());
      end = range.end();
    }
  }

  private static byte[] retag(byte[] packet) {
    CRC32C crc = new CRC32C();
    crc.update(packet, 0, packet.length - PacketLayout.TAG_BYTES);
    ByteBuffer.wrap(packet).putInt(packet.length - PacketLayout.TAG_BYTES, (int) crc.getValue());
    return packet;
  }

  @Test
  void garbageOfAnyLengthIsRejected() {
    SplittableRandom random = new SplittableRandom(3);
    PacketReader reader = new PacketReader(SESSION, SIZE);
    for (int length = 0; length < 3000; length++) {
      byte[] garbage = new byte[length];
      random.nextBytes(garbage);
      assertInstanceOf(Rejected.class, reader.read(ByteBuffer.wrap(garbage)));
    }
    assertEquals(new Rejected(Rejection.LENGTH), reader.read(ByteBuffer.wrap(new byte[65_507])));
  }

  @Test
  void reasonsOfRejectionAreTold() {
    byte[] packet = dataPacket();
    packet[1] = 3;
    assertEquals(new Rejected(Rejection.VERSION), read(packet));
    assertEquals(
        new Rejected(Rejection.OTHER_SESSION),
        new PacketReader(SESSION + 1, SIZE).read(ByteBuffer.wrap(dataPacket())));
    packet = dataPacket();
    packet[41] ^= 1;
    assertEquals(new Rejected(Rejection.TAG), read(packet));
    assertEquals(new Rejected(Rejection.LENGTH), read(new byte[0]));
  }

  @Test
  void rangesThatDoNotFitAreLeftOut() {
    List<SequenceRange> many = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      many.add(new SequenceRange(2 * i + 1, 2 * i + 2));
    }
    PacketWriter writer = new PacketWriter(SESSION, 200);
    Packet.Nak nak =
        assertInstanceOf(Packet.Nak.class, read(copy(writer.nak(new Packet.Nak(0, 0, 0, many)))));
    assertEquals(PacketLayout.maxNakRanges(200), nak.ranges().size());
    assertEquals(many.subList(0, nak.ranges().size()), nak.ranges());
  }

  @Test
  void theLargestPayloadsRepairFitsTheDatagram() {
    for (int size : new int[] {200, 576, 1472, 9000, 65_507}) {
      int payload = PacketLayout.maxPayloadBytes(size);
      byte[] symbol = new byte[PacketLayout.SYMBOL_HEADER_BYTES + payload];
      PacketWriter writer = new PacketWriter(SESSION, size);
      assertEquals(size, writer.repair(0, RECIPE, 0, 0, symbol, symbol.length).remaining());
      assertTrue(writer.data(0, 0, 0, 0, payload).remaining() < size);
    }
  }
}

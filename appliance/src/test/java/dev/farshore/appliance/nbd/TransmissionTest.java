package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.appliance.export.FixedDirectory;
import dev.farshore.appliance.export.MemoryExport;
import dev.farshore.appliance.nbd.ServerBytes.Reply;
import io.netty.buffer.ByteBufUtil;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests and replies of whole connections, byte by byte. */
class TransmissionTest {

  private static final int PAGE = MemoryExport.PAGE_BYTES;
  private static final long SIZE = 64L << 20;

  private final MemoryExport memory = new MemoryExport("m", SIZE);
  private final MemoryExport mirror = new MemoryExport("r", SIZE, true);
  private final Bench bench = new Bench(FixedDirectory.of(memory, mirror));

  @AfterEach
  void nothingWasThrown() {
    assertEquals(java.util.List.of(), bench.thrown);
  }

  private static byte[] random(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static ClientBytes client() {
    return new ClientBytes();
  }

  private static void expect(ServerBytes received, String hex) {
    assertEquals(hex.replace(" ", ""), ByteBufUtil.hexDump(received.bytes()));
  }

  @Test
  void readsAndWritesWithSimpleReplies() {
    Bench.Client client = bench.simple("m");
    client.send(client().write(0, 0x11, 4096, HexFormat.of().parseHex("a1b2c3")));
    expect(client.received(), "67446698 00000000 0000000000000011");
    client.send(client().request(0, CMD_READ, 0x12, 4095, 5));
    expect(client.received(), "67446698 00000000 0000000000000012 00a1b2c300");
  }

  @Test
  void readsWithOneDataChunk() {
    Bench.Client client = bench.modern("m");
    client.send(client().write(0, 1, 4096, new byte[] {7}).request(0, CMD_READ, 2, 4095, 3));
    expect(
        client.received(),
        "67446698 00000000 0000000000000001"
            + "668e33ef 0001 0001 0000000000000002 0000000b 0000000000000fff 000700");
  }

  @Test
  void sendsHolesOfALargeReadAsHoles() {
    byte[] data = random(PAGE, 1);
    Bench.Client client = bench.modern("m");
    client.send(client().write(0, 1, 2 * PAGE, data).request(0, CMD_READ, 2, PAGE, 3 * PAGE));
    ServerBytes received = client.received();
    assertTrue(received.reply().simple());
    Reply hole = received.reply();
    assertEquals(REPLY_TYPE_OFFSET_HOLE, hole.type());
    assertArrayEquals(HexFormat.of().parseHex("000000000000800000008000"), hole.payload());
    assertFalse(hole.done());
    Reply content = received.reply();
    assertEquals(REPLY_TYPE_OFFSET_DATA, content.type());
    assertArrayEquals(data, Arrays.copyOfRange(content.payload(), 8, 8 + PAGE));
    assertFalse(content.done());
    Reply last = received.reply();
    assertEquals(REPLY_TYPE_OFFSET_HOLE, last.type());
    assertTrue(last.done());
    received.end();
  }

  @Test
  void sendsOneHoleForAReadOfNothingButHoles() {
    Bench.Client client = bench.modern("m");
    client.send(client().request(0, CMD_READ, 2, 0, MAX_PAYLOAD_BYTES));
    expect(
        client.received(),
        "668e33ef 0001 0002 0000000000000002 0000000c 0000000000000000 02000000");
  }

  @Test
  void neverFragmentsWhenToldNotTo() {
    Bench.Client client = bench.modern("m");
    client.send(
        client()
            .write(0, 1, 0, new byte[] {5})
            .request(CMD_FLAG_DF, CMD_READ, 2, 0, MAX_PAYLOAD_BYTES));
    ServerBytes received = client.received();
    received.reply();
    Reply only = received.reply();
    assertEquals(REPLY_TYPE_OFFSET_DATA, only.type());
    assertTrue(only.done());
    assertEquals(8 + MAX_PAYLOAD_BYTES, only.payload().length);
    received.end();
  }

  @Test
  void writesThirtyTwoMebibytes() {
    byte[] data = random(MAX_PAYLOAD_BYTES, 2);
    Bench.Client client = bench.modern("m");
    client.send(client().write(CMD_FLAG_FUA, 9, 3, data));
    expect(client.received(), "67446698 00000000 0000000000000009");
    assertArrayEquals(data, memory.bytes(3, data.length));
  }

  @Test
  void zeroesTrimsCachesAndFlushes() {
    Bench.Client client = bench.modern("m");
    client.send(
        client()
            .write(0, 1, 0, random(4 * PAGE, 3))
            .request(CMD_FLAG_NO_HOLE | CMD_FLAG_FAST_ZERO, CMD_WRITE_ZEROES, 2, 0, PAGE)
            .request(0, CMD_WRITE_ZEROES, 3, PAGE, PAGE)
            .request(CMD_FLAG_FUA, CMD_TRIM, 4, 2 * PAGE, PAGE)
            .request(0, CMD_CACHE, 5, 0, SIZE)
            .request(0, CMD_FLUSH, 6, 0, 0)
            .request(0, CMD_BLOCK_STATUS, 7, 0, 5 * PAGE));
    ServerBytes received = client.received();
    for (long cookie = 1; cookie <= 6; cookie++) {
      assertEquals(new Reply(0, -1, cookie, new byte[0]).cookie(), received.reply().cookie());
    }
    expect(
        received,
        "668e33ef 0001 0005 0000000000000007 00000024 00000001"
            + "00008000 00000002 00010000 00000003 00008000 00000000 00008000 00000003");
    assertEquals(1, memory.flushes());
    assertArrayEquals(new byte[3 * PAGE], memory.bytes(0, 3 * PAGE));
  }

  @Test
  void tellsOneExtentWhenOnlyOneIsWanted() {
    Bench.Client client = bench.modern("m");
    client.send(
        client()
            .write(0, 1, PAGE, new byte[1])
            .request(CMD_FLAG_REQ_ONE, CMD_BLOCK_STATUS, 2, 512, 4 * PAGE));
    ServerBytes received = client.received();
    received.reply();
    expect(received, "668e33ef 0001 0005 0000000000000002 0000000c 00000001 00007e00 00000003");
  }

  @Test
  void answersRequestsOfNoLengthAndStays() {
    Bench.Client client = bench.modern("m");
    client.send(
        client()
            .request(0, CMD_READ, 1, SIZE, 0)
            .request(0, CMD_WRITE, 2, 0, 0)
            .request(0, CMD_TRIM, 3, 0, 0)
            .request(0, CMD_WRITE_ZEROES, 4, 0, 0)
            .request(0, CMD_BLOCK_STATUS, 5, 0, 0));
    ServerBytes received = client.received();
    for (long cookie = 1; cookie <= 4; cookie++) {
      Reply reply = received.reply();
      assertEquals(cookie, reply.cookie());
      assertEquals(0, reply.error());
    }
    assertEquals(NbdError.EINVAL.code(), received.reply().error());
    received.end();
    assertTrue(client.open());
  }

  @Test
  void refusesBadRequestsSkipsTheirPayloadAndStays() {
    Bench.Client client = bench.modern("m");
    client.send(
        client()
            .write(0, 1, SIZE, new byte[600])
            .write(CMD_FLAG_DF, 2, 0, new byte[600])
            .request(0, CMD_READ, 3, -1, 0xffff_ffffL)
            .request(0, 99, 4, 0, 4096)
            .request(0, CMD_READ, 5, 0, 1));
    ServerBytes received = client.received();
    int[] errors = {28, 22, 22, 22, 0};
    for (int i = 0; i < errors.length; i++) {
      Reply reply = received.reply();
      assertEquals(i + 1, reply.cookie());
      assertEquals(errors[i], reply.error());
      assertFalse(reply.simple(), "errors tell their reason");
    }
    received.end();
  }

  @Test
  void tellsErrorsToSimpleClientsWithoutData() {
    Bench.Client client = bench.simple("r");
    client.send(
        client()
            .write(0, 1, 0, new byte[700])
            .request(0, CMD_TRIM, 2, 0, 512)
            .request(0, CMD_WRITE_ZEROES, 3, 0, 512)
            .request(0, CMD_READ, 4, SIZE, 512));
    expect(
        client.received(),
        "67446698 00000001 0000000000000001"
            + "67446698 00000001 0000000000000002"
            + "67446698 00000001 0000000000000003"
            + "67446698 00000016 0000000000000004");
  }

  @Test
  void aWriteThatIsTooLargeIsSkippedWithoutMemory() {
    Bench.Client client = bench.modern("m");
    client.send(client().request(0, CMD_WRITE, 1, 0, 0xffff_ffffL).raw(new byte[100_000]));
    assertTrue(bench.memory() < 200_000, () -> bench.memory() + " bytes");
    assertTrue(client.open());
    client.vanish();
    assertEquals(0, bench.memory());
    assertEquals(0, bench.connections.pools().taken());
  }

  @Test
  void aWriteThatIsCutInItsPayloadHasNoEffect() {
    for (int length : new int[] {0, 1, 65_535, 65_536, 99_999}) {
      Bench.Client client = bench.modern("m");
      client.send(client().request(0, CMD_WRITE, 1, 0, 100_000).raw(random(length, 4)));
      client.vanish();
      assertArrayEquals(new byte[100_000], memory.bytes(0, 100_000));
      assertEquals(0, bench.memory());
      assertEquals(0, bench.connections.pools().taken());
    }
    assertEquals(5, memory.closed() - 5, "once for the context, once for the connection");
  }

  @Test
  void hangsUpOnABadMagicAfterWhatCameBefore() {
    Bench.Client client = bench.modern("m");
    client.send(client().write(0, 1, 0, new byte[] {1}).raw(new byte[28]));
    expect(client.received(), "67446698 00000000 0000000000000001");
    assertFalse(client.open());
    assertEquals(1, bench.connections.statistics().violations());
  }

  @Test
  void answersWhatCameBeforeAGoodByeThenCloses() {
    HeldExport held = new HeldExport(memory);
    Bench other = new Bench(FixedDirectory.of(held));
    Bench.Client client = other.simple("m");
    client.send(
        client()
            .write(0, 1, 0, new byte[] {1})
            .request(0, CMD_DISC, 2, 0, 0)
            .request(0, CMD_READ, 3, 0, 1));
    assertTrue(client.open());
    held.release();
    other.run();
    expect(client.received(), "67446698 00000000 0000000000000001");
    assertFalse(client.open());
    assertEquals(1, memory.closed());
  }

  @Test
  void answersOutOfOrderWithTheRightCookies() {
    HeldExport held = new HeldExport(memory);
    Bench other = new Bench(FixedDirectory.of(held));
    Bench.Client client = other.simple("m");
    client.send(client().request(0, CMD_FLUSH, 1, 0, 0).request(0, CMD_TRIM, 2, 0, 9));
    held.releaseLast();
    held.releaseLast();
    other.run();
    expect(
        client.received(), "67446698 00000000 0000000000000002 67446698 00000000 0000000000000001");
  }

  @Test
  void freesThePayloadOfAWriteWhenTheExportHasTakenIt() {
    HeldExport held = new HeldExport(memory);
    held.takesData = true;
    Bench other = new Bench(FixedDirectory.of(held));
    Bench.Client client = other.simple("m");
    client.send(client().write(0, 1, 0, new byte[1 << 20]));
    assertEquals(1, held.held());
    assertTrue(other.memory() < 1000, () -> other.memory() + " bytes");
    assertEquals(CreditLimits.REQUEST_OVERHEAD_BYTES, other.connections.statistics().creditBytes());
    held.release();
    other.run();
    expect(client.received(), "67446698 00000000 0000000000000001");
    assertEquals(0, other.connections.pools().taken());
  }

  @Test
  void keepsBuffersAndTheExportUntilTheExportHasReplied() {
    HeldExport held = new HeldExport(memory);
    Bench other = new Bench(FixedDirectory.of(held));
    Bench.Client client = other.simple("m");
    client.send(client().write(0, 1, 0, new byte[9000]).request(0, CMD_READ, 2, 0, 9000));
    client.vanish();
    assertTrue(other.memory() >= 18_000);
    assertEquals(0, memory.closed());
    held.release();
    other.run();
    assertEquals(0, other.memory());
    assertEquals(1, memory.closed());
    assertEquals(0, other.connections.pools().taken());
  }

  @Test
  void comesToTheSameHoweverTheInputIsCut() {
    byte[] session =
        client()
            .write(0, 1, 100, random(300, 5))
            .request(0, CMD_READ, 2, 90, 320)
            .write(0, 3, SIZE - 1, random(70, 6))
            .request(0, CMD_BLOCK_STATUS, 4, 0, PAGE)
            .request(0, CMD_DISC, 5, 0, 0)
            .bytes();
    byte[] whole = drive(session, session.length);
    for (int piece = 1; piece < session.length; piece++) {
      assertArrayEquals(whole, drive(session, piece), "pieces of " + piece);
    }
  }

  private static byte[] drive(byte[] session, int piece) {
    Bench fresh = new Bench(FixedDirectory.of(new MemoryExport("m", SIZE)));
    Bench.Client client = fresh.modern("m");
    for (int at = 0; at < session.length; at += piece) {
      client.send(Arrays.copyOfRange(session, at, Math.min(session.length, at + piece)));
    }
    assertFalse(client.open());
    return ByteBufUtil.getBytes(client.received().bytes());
  }
}

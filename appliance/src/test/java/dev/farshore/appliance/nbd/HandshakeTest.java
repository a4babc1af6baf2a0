package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.*;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.appliance.export.FixedDirectory;
import dev.farshore.appliance.nbd.Handshake.Answered;
import dev.farshore.appliance.nbd.Handshake.Enter;
import dev.farshore.appliance.nbd.Handshake.Leave;
import dev.farshore.appliance.nbd.Handshake.More;
import dev.farshore.appliance.nbd.Handshake.Step;
import dev.farshore.appliance.nbd.ServerBytes.OptionReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The option haggling, byte by byte; each case names the section that demands it. */
class HandshakeTest extends Haggling {

  @Test
  void greetsWithTheTwoMagicsAndBothFlags() {
    Handshake.greet(out);
    assertArrayEquals(hex("4e42444d41474943 49484156454f5054 0003"), ByteBufUtil.getBytes(out));
  }

  @Test
  void answersExportNameWithSizeFlagsAndZeros() {
    Step step = run(new ClientBytes().flags(FLAG_FIXED_NEWSTYLE).exportName("first"));
    assertInstanceOf(Enter.class, step);
    byte[] expected = new byte[8 + 2 + 124];
    System.arraycopy(hex("0000000000100000 0d6d"), 0, expected, 0, 10);
    assertArrayEquals(expected, ByteBufUtil.getBytes(out));
  }

  @Test
  void leavesTheZerosOutWhereNegotiated() {
    run(modern().exportName("first"));
    assertArrayEquals(hex("0000000000100000 0d6d"), ByteBufUtil.getBytes(out));
  }

  @Test
  void marksReadOnlyExports() {
    run(modern().exportName("mirror"));
    assertArrayEquals(hex("0000000000000007 0d6f"), ByteBufUtil.getBytes(out));
  }

  @Test
  void endsTheSessionForAnUnknownExportName() {
    assertEquals(new Leave(Handshake.End.REFUSED), run(modern().exportName("nobody")));
    replies.end();
  }

  @Test
  void answersGoWithTheExportAndNoZeros() {
    Step step = run(new ClientBytes().flags(FLAG_FIXED_NEWSTYLE).go("first"));
    assertArrayEquals(
        hex(
            "0003e889045565a9 00000007 00000003 0000000c 0000 0000000000100000 0d6d"
                + "0003e889045565a9 00000007 00000001 00000000"),
        ByteBufUtil.getBytes(out));
    Session session = assertInstanceOf(Enter.class, step).session();
    assertFalse(session.structuredReplies());
    assertFalse(session.allocationStatus());
  }

  @Test
  void tellsEveryInformationThatWasAskedForAndIgnoresUnknownOnes() {
    run(modern().info("", INFO_NAME, INFO_DESCRIPTION, INFO_BLOCK_SIZE, 77));
    List<OptionReply> all = replies.optionReplies();
    replies.end();
    assertEquals(5, all.size());
    assertArrayEquals(hex("0000 0000000000100000 0d6d"), all.get(0).data());
    assertEquals("\0\1first", all.get(1).text());
    assertEquals("\0\2memory", all.get(2).text());
    assertArrayEquals(hex("0003 00000001 00001000 02000000"), all.get(3).data());
    assertEquals(REP_ACK, all.get(4).type());
  }

  @Test
  void advertisesDontFragmentOnlyAfterStructuredReplies() {
    run(modern().option(OPT_STRUCTURED_REPLY).info("first"));
    assertEquals(REP_ACK, replies.optionReply().type());
    assertArrayEquals(hex("0000 0000000000100000 0ded"), replies.optionReply().data());
  }

  @Test
  void refusesUnknownExportsInGoAndInfoAndGoesOn() {
    assertInstanceOf(More.class, run(modern().go("nobody").info("nobody")));
    assertEquals(REP_ERR_UNKNOWN, replies.optionReply().type());
    assertEquals(REP_ERR_UNKNOWN, replies.optionReply().type());
  }

  @Test
  void entersAfterRefusals() {
    ClientBytes client = modern().go("nobody").option(99, new byte[5]).go("first");
    ByteBuf in = Unpooled.wrappedBuffer(client.bytes());
    assertInstanceOf(Answered.class, handshake.step(in, out));
    assertInstanceOf(Answered.class, handshake.step(in, out));
    assertInstanceOf(Enter.class, handshake.step(in, out));
  }

  @Test
  void tellsTheSameInGoAsInTheInfoBeforeEvenIfTheExportChanged() {
    ByteBuf in = Unpooled.wrappedBuffer(modern().info("first").go("first").bytes());
    handshake.step(in, out);
    Enter enter = assertInstanceOf(Enter.class, handshake.step(in, out));
    assertEquals(0, first.closed());
    assertEquals(first, enter.session().export());
  }

  @Test
  void closesWhatInfoOpenedOnceAnotherOptionComes() {
    run(modern().info("first").option(OPT_LIST));
    assertEquals(1, first.closed());
    handshake.close();
    assertEquals(1, first.closed());
  }

  @Test
  void closesWhatInfoOpenedWhenTheClientVanishes() {
    run(modern().info("first"));
    handshake.close();
    assertEquals(1, first.closed());
  }

  @Test
  void listsNames() {
    run(modern().option(OPT_LIST));
    assertArrayEquals(
        hex(
            "0003e889045565a9 00000003 00000002 00000009 00000005 6669727374"
                + "0003e889045565a9 00000003 00000002 0000000a 00000006 6d6972726f72"
                + "0003e889045565a9 00000003 00000001 00000000"),
        ByteBufUtil.getBytes(out));
  }

  @Test
  void rejectsDataWithListAndStructuredReply() {
    run(modern().option(OPT_LIST, new byte[1]).option(OPT_STRUCTURED_REPLY, new byte[1]));
    assertEquals(REP_ERR_INVALID, replies.optionReply().type());
    assertEquals(REP_ERR_INVALID, only().type());
  }

  @Test
  void refusesTlsAsAServerWithoutItMust() {
    run(modern().option(OPT_STARTTLS));
    assertEquals(REP_ERR_UNSUP, only().type());
  }

  @Test
  void answersUnknownOptionsWithUnsupAndSkipsTheirData() {
    for (int option : new int[] {0, 4, 11, 12, 1000, -1}) {
      run(option == 0 ? modern().option(0, new byte[33]) : unknown(option));
      assertEquals(REP_ERR_UNSUP, only().type(), "option " + option);
    }
  }

  private static ClientBytes unknown(int option) {
    return new ClientBytes().option(option, new byte[Handshake.MAX_OPTION_BYTES]);
  }

  @Test
  void skipsTheDataOfHugeOptionsWithoutKeepingIt() {
    int huge = Handshake.MAX_OPTION_BYTES + 1;
    run(modern().option(999, new byte[huge]).option(OPT_INFO, new byte[huge]).option(OPT_LIST));
    assertEquals(REP_ERR_UNSUP, replies.optionReply().type());
    assertEquals(REP_ERR_TOO_BIG, replies.optionReply().type());
    assertEquals(REP_SERVER, replies.optionReply().type());
  }

  @Test
  void acknowledgesAbortWhateverDataItHas() {
    assertEquals(
        new Leave(Handshake.End.ABORTED), run(modern().option(OPT_ABORT, new byte[70000])));
    assertEquals(REP_ACK, only().type());
  }

  @Test
  void endsTheSessionForUnknownClientFlags() {
    assertEquals(new Leave(Handshake.End.VIOLATION), run(new ClientBytes().flags(4)));
  }

  @Test
  void endsTheSessionForABadOptionMagic() {
    assertEquals(new Leave(Handshake.End.VIOLATION), run(modern().raw(new byte[16])));
  }

  @Test
  void endsTheSessionAfterTooManyOptions() {
    ClientBytes client = modern();
    for (int i = 0; i < Handshake.MAX_OPTIONS; i++) {
      client.option(99);
    }
    assertInstanceOf(More.class, run(client));
    assertEquals(new Leave(Handshake.End.VIOLATION), run(new ClientBytes().option(99)));
  }

  @Test
  void refusesOverlongAndMalformedStrings() {
    String overlong = "x".repeat(4097);
    String longest = "x".repeat(4096);
    run(
        modern()
            .info(overlong)
            .info(longest)
            .info("a\0b")
            .option(OPT_INFO, hex("00000001 ff 0000"))
            .option(OPT_INFO, hex("00000001 61"))
            .option(OPT_INFO, hex("00000002 61 0000"))
            .option(OPT_INFO, hex("ffffffff 61 0000"))
            .option(OPT_INFO, hex("00000001 61 0001"))
            .option(OPT_INFO, hex("00000001 61 0000 00"))
            .option(OPT_INFO, hex("000000"))
            .option(OPT_GO));
    int[] expected = new int[11];
    java.util.Arrays.fill(expected, REP_ERR_INVALID);
    expected[1] = REP_ERR_UNKNOWN;
    for (int type : expected) {
      assertEquals(type, replies.optionReply().type());
    }
    replies.end();
  }

  @Test
  void endsTheSessionForAMalformedExportName() {
    Handshake other = new Handshake(FixedDirectory.of(first), () -> false);
    Step step =
        other.step(
            Unpooled.wrappedBuffer(modern().option(OPT_EXPORT_NAME, new byte[4097]).bytes()), out);
    assertEquals(new Leave(Handshake.End.VIOLATION), step);
    assertEquals(
        new Leave(Handshake.End.VIOLATION),
        run(modern().option(OPT_EXPORT_NAME, new byte[Handshake.MAX_OPTION_BYTES + 1])));
  }

  @Test
  void refusesEverythingButAbortWhileShuttingDown() {
    shuttingDown = true;
    run(modern().go("first").option(OPT_LIST).option(OPT_ABORT));
    assertEquals(REP_ERR_SHUTDOWN, replies.optionReply().type());
    assertEquals(REP_ERR_SHUTDOWN, replies.optionReply().type());
    assertEquals(REP_ACK, only().type());
  }

  @Test
  void leavesWhatFollowsTheHandshakeUnread() {
    ClientBytes client = modern().exportName("first").request(0, CMD_READ, 1, 0, 512);
    ByteBuf in = Unpooled.wrappedBuffer(client.bytes());
    assertInstanceOf(Enter.class, handshake.step(in, out));
    assertEquals(REQUEST_BYTES, in.readableBytes());
  }

  @Test
  void comesToTheSameHoweverTheInputIsCut() {
    byte[] client =
        modern()
            .option(OPT_STRUCTURED_REPLY)
            .option(99, new byte[40])
            .setContext("first", BASE_ALLOCATION)
            .info("mirror", INFO_BLOCK_SIZE)
            .go("first")
            .bytes();
    byte[] whole = drive(client, client.length);
    for (int piece = 1; piece < client.length; piece++) {
      assertArrayEquals(whole, drive(client, piece), "pieces of " + piece);
    }
  }

  private byte[] drive(byte[] client, int piece) {
    Handshake fresh = new Handshake(FixedDirectory.of(first, mirror), () -> false);
    ByteBuf replied = Unpooled.buffer();
    boolean entered = false;
    for (int at = 0; at < client.length; at += piece) {
      ByteBuf in = Unpooled.wrappedBuffer(client, at, Math.min(piece, client.length - at));
      Step step = fresh.step(in, replied);
      while (step instanceof Answered) {
        step = fresh.step(in, replied);
      }
      entered = step instanceof Enter;
    }
    assertTrue(entered);
    return ByteBufUtil.getBytes(replied);
  }
}

package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.appliance.nbd.ServerBytes.OptionReply;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * Listing and selecting of metadata contexts; sections "Metadata querying" and "The base: metadata
 * namespace".
 */
class MetaContextTest extends Haggling {

  @Test
  void listsTheAllocationContextForNoQueryTheWildcardAndItsName() {
    run(
        modern()
            .option(OPT_STRUCTURED_REPLY)
            .listContext("first")
            .listContext("first", "base:")
            .listContext("first", "x-a:b", "base:allocation", "base:"));
    replies.optionReply();
    for (int i = 0; i < 3; i++) {
      List<OptionReply> all = replies.optionReplies();
      assertEquals(2, all.size());
      assertEquals("\0\0\0\0base:allocation", all.getFirst().text());
    }
    replies.end();
  }

  @Test
  void listsNothingForOtherQueries() {
    run(modern().option(OPT_STRUCTURED_REPLY).listContext("first", "qemu:", "base:other", "x"));
    replies.optionReply();
    assertEquals(REP_ACK, only().type());
  }

  @Test
  void selectsTheContextByItsFullNameOnly() {
    run(
        modern()
            .option(OPT_STRUCTURED_REPLY)
            .setContext("first", "base:", "qemu:x")
            .setContext("first", "qemu:x", "base:allocation", "base:allocation"));
    replies.optionReply();
    assertEquals(1, replies.optionReplies().size());
    List<OptionReply> selected = replies.optionReplies();
    assertEquals("\0\0\0\1base:allocation", selected.getFirst().text());
    assertEquals(2, selected.size());
  }

  @Test
  void demandsStructuredRepliesBeforeContexts() {
    run(modern().setContext("first", BASE_ALLOCATION).listContext("first"));
    assertEquals(REP_ERR_INVALID, replies.optionReply().type());
    assertEquals(REP_ERR_INVALID, only().type());
  }

  @Test
  void refusesMalformedContextQueries() {
    byte[] good = ClientBytes.contextQuery("first", "base:");
    ClientBytes client = modern().option(OPT_STRUCTURED_REPLY);
    for (int length = 0; length < good.length; length++) {
      client.option(OPT_SET_META_CONTEXT, java.util.Arrays.copyOf(good, length));
    }
    client.option(OPT_SET_META_CONTEXT, java.util.Arrays.copyOf(good, good.length + 1));
    client.option(OPT_LIST_META_CONTEXT, hex("00000000 ffffffff"));
    client.option(OPT_LIST_META_CONTEXT, hex("00000000 00000001 ffffffff"));
    run(client);
    replies.optionReply();
    for (int i = 0; i < good.length + 3; i++) {
      assertEquals(REP_ERR_INVALID, replies.optionReply().type());
    }
    replies.end();
  }

  @Test
  void refusesContextsOfUnknownExports() {
    run(modern().option(OPT_STRUCTURED_REPLY).setContext("nobody", BASE_ALLOCATION));
    replies.optionReply();
    assertEquals(REP_ERR_UNKNOWN, only().type());
  }

  @Test
  void servesBlockStatusWhenTheContextWasSelectedForThatExport() {
    ClientBytes client =
        modern()
            .option(OPT_STRUCTURED_REPLY)
            .setContext("first", BASE_ALLOCATION)
            .exportName("first");
    assertTrue(entered(client).allocationStatus());
  }

  @Test
  void forgetsTheContextOfAnotherExport() {
    ClientBytes client =
        modern().option(OPT_STRUCTURED_REPLY).setContext("first", BASE_ALLOCATION).go("mirror");
    assertFalse(entered(client).allocationStatus());
  }

  @Test
  void forgetsTheContextWhenALaterSelectionFails() {
    ClientBytes client =
        modern()
            .option(OPT_STRUCTURED_REPLY)
            .setContext("first", BASE_ALLOCATION)
            .option(OPT_SET_META_CONTEXT, new byte[Handshake.MAX_OPTION_BYTES + 1])
            .go("first");
    assertFalse(entered(client).allocationStatus());
  }
}

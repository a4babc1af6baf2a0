package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.*;

import dev.farshore.appliance.export.Export;
import io.netty.buffer.ByteBuf;

/** Writes the replies of section "Fixed newstyle negotiation" to one option. */
final class OptionReplies {

  private final int option;
  private final ByteBuf out;

  OptionReplies(int option, ByteBuf out) {
    this.option = option;
    this.out = out;
  }

  void ack() {
    header(REP_ACK, 0);
  }

  /**
   * @param type one of the REP_ERR types
   * @param message for people
   */
  void error(int type, String message) {
    byte[] text = WireString.bytes(message, MAX_STRING_BYTES);
    header(type, text.length);
    out.writeBytes(text);
  }

  void server(String name) {
    byte[] text = WireString.bytes(name, MAX_STRING_BYTES);
    header(REP_SERVER, 4 + text.length);
    out.writeInt(text.length).writeBytes(text);
  }

  void metaContext(int id, String name) {
    byte[] text = WireString.bytes(name, MAX_STRING_BYTES);
    header(REP_META_CONTEXT, 4 + text.length);
    out.writeInt(id).writeBytes(text);
  }

  void infoExport(Export export, boolean structuredReplies) {
    header(REP_INFO, 12);
    out.writeShort(INFO_EXPORT)
        .writeLong(export.sizeBytes())
        .writeShort(Session.transmissionFlags(export, structuredReplies));
  }

  /**
   * @param type INFO_NAME or INFO_DESCRIPTION
   */
  void infoText(int type, String text) {
    byte[] bytes = WireString.bytes(text, MAX_STRING_BYTES);
    header(REP_INFO, 2 + bytes.length);
    out.writeShort(type).writeBytes(bytes);
  }

  void infoBlockSize() {
    header(REP_INFO, 14);
    out.writeShort(INFO_BLOCK_SIZE)
        .writeInt(MIN_BLOCK_BYTES)
        .writeInt(PREFERRED_BLOCK_BYTES)
        .writeInt(MAX_PAYLOAD_BYTES);
  }

  private void header(int type, int length) {
    out.writeLong(OPTION_REPLY_MAGIC).writeInt(option).writeInt(type).writeInt(length);
  }
}

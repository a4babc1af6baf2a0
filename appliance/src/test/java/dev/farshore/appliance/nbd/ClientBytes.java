package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.*;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;

/** Writes a client's side of a connection. */
final class ClientBytes {

  static final int MODERN = FLAG_FIXED_NEWSTYLE | FLAG_NO_ZEROES;

  private final ByteBuf bytes = Unpooled.buffer();

  ClientBytes flags(int flags) {
    bytes.writeInt(flags);
    return this;
  }

  ClientBytes option(int option, byte[] data) {
    optionHeader(option, data.length);
    bytes.writeBytes(data);
    return this;
  }

  ClientBytes option(int option) {
    return option(option, new byte[0]);
  }

  ClientBytes optionHeader(int option, long length) {
    bytes.writeLong(OPTION_MAGIC).writeInt(option).writeInt((int) length);
    return this;
  }

  ClientBytes exportName(String name) {
    return option(OPT_EXPORT_NAME, text(name));
  }

  ClientBytes go(String name, int... information) {
    return option(OPT_GO, exportQuery(name, information));
  }

  ClientBytes info(String name, int... information) {
    return option(OPT_INFO, exportQuery(name, information));
  }

  ClientBytes setContext(String name, String... queries) {
    return option(OPT_SET_META_CONTEXT, contextQuery(name, queries));
  }

  ClientBytes listContext(String name, String... queries) {
    return option(OPT_LIST_META_CONTEXT, contextQuery(name, queries));
  }

  ClientBytes request(int flags, int type, long cookie, long offset, long length) {
    bytes
        .writeInt(REQUEST_MAGIC)
        .writeShort(flags)
        .writeShort(type)
        .writeLong(cookie)
        .writeLong(offset)
        .writeInt((int) length);
    return this;
  }

  ClientBytes write(int flags, long cookie, long offset, byte[] data) {
    return request(flags, CMD_WRITE, cookie, offset, data.length).raw(data);
  }

  ClientBytes raw(byte[] more) {
    bytes.writeBytes(more);
    return this;
  }

  byte[] bytes() {
    return ByteBufUtil.getBytes(bytes);
  }

  static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] exportQuery(String name, int... information) {
    ByteBuf data = Unpooled.buffer();
    data.writeInt(text(name).length).writeBytes(text(name)).writeShort(information.length);
    for (int each : information) {
      data.writeShort(each);
    }
    return ByteBufUtil.getBytes(data);
  }

  static byte[] contextQuery(String name, String... queries) {
    ByteBuf data = Unpooled.buffer();
    data.writeInt(text(name).length).writeBytes(text(name)).writeInt(queries.length);
    for (String query : queries) {
      data.writeInt(text(query).length).writeBytes(text(query));
    }
    return ByteBufUtil.getBytes(data);
  }
}

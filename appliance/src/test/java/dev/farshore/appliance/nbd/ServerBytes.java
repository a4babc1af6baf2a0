package dev.farshore.appliance.nbd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Reads a server's side of a connection, strictly. */
record ServerBytes(ByteBuf bytes) {

  record OptionReply(int option, int type, byte[] data) {
    String text() {
      return new String(data, StandardCharsets.UTF_8);
    }
  }

  /**
   * A simple reply has type -1 and its error in {@code flags}.
   *
   * @param payload of a chunk
   */
  record Reply(int flags, int type, long cookie, byte[] payload) {
    boolean simple() {
      return type == -1;
    }

    boolean done() {
      return simple() || (flags & Protocol.REPLY_FLAG_DONE) != 0;
    }

    /** Its error code; 0 for none. */
    int error() {
      if (simple()) {
        return flags;
      }
      return (type & 0x8000) == 0
          ? 0
          : (payload[0] & 0xff) << 24
              | (payload[1] & 0xff) << 16
              | (payload[2] & 0xff) << 8
              | (payload[3] & 0xff);
    }
  }

  ServerBytes greeting() {
    assertEquals(Protocol.INIT_MAGIC, bytes.readLong());
    assertEquals(Protocol.OPTION_MAGIC, bytes.readLong());
    assertEquals(3, bytes.readShort());
    return this;
  }

  OptionReply optionReply() {
    assertEquals(Protocol.OPTION_REPLY_MAGIC, bytes.readLong());
    int option = bytes.readInt();
    int type = bytes.readInt();
    byte[] data = new byte[bytes.readInt()];
    bytes.readBytes(data);
    return new OptionReply(option, type, data);
  }

  /** Replies up to and with the first that ends an option. */
  List<OptionReply> optionReplies() {
    List<OptionReply> replies = new ArrayList<>();
    while (true) {
      OptionReply reply = optionReply();
      replies.add(reply);
      if (reply.type() == Protocol.REP_ACK || reply.type() < 0) {
        return replies;
      }
    }
  }

  /** A reply, where a simple one has no data. */
  Reply reply() {
    int magic = bytes.readInt();
    if (magic == Protocol.SIMPLE_REPLY_MAGIC) {
      int error = bytes.readInt();
      return new Reply(error, -1, bytes.readLong(), new byte[0]);
    }
    assertEquals(Protocol.STRUCTURED_REPLY_MAGIC, magic);
    int flags = bytes.readUnsignedShort();
    int type = bytes.readUnsignedShort();
    long cookie = bytes.readLong();
    byte[] payload = new byte[bytes.readInt()];
    bytes.readBytes(payload);
    return new Reply(flags, type, cookie, payload);
  }

  byte[] data(int length) {
    byte[] data = new byte[length];
    bytes.readBytes(data);
    return data;
  }

  void end() {
    assertFalse(bytes.isReadable(), () -> "left: " + ByteBufUtil.hexDump(bytes));
  }
}

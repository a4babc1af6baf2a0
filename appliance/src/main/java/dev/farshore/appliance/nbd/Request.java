package dev.farshore.appliance.nbd;

import io.netty.buffer.ByteBuf;

/**
 * A request header, section "Request message".
 *
 * @param cookie opaque, comes back in the reply
 * @param offset unsigned
 * @param length 0 to 2^32 - 1
 */
record Request(int flags, int type, long cookie, long offset, long length) {

  boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Reads what follows the magic. */
  static Request read(ByteBuf in) {
    int flags = in.readUnsignedShort();
    int type = in.readUnsignedShort();
    long cookie = in.readLong();
    long offset = in.readLong();
    return new Request(flags, type, cookie, offset, in.readUnsignedInt());
  }
}

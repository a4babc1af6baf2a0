package dev.farshore.emulab.wan;

import io.netty.buffer.ByteBuf;

/** What travels along one direction of a relayed TCP connection. */
final class StreamItem {

  enum Kind {
    CONNECT,
    BYTES,
    END,
    RESET
  }

  private final Stream stream;
  private final Kind kind;
  private final ByteBuf bytes;
  private boolean arrived;

  /**
   * @param bytes owned by the item; empty if it is not of kind BYTES
   */
  StreamItem(Stream stream, Kind kind, ByteBuf bytes) {
    this.stream = stream;
    this.kind = kind;
    this.bytes = bytes;
  }

  Stream stream() {
    return stream;
  }

  Kind kind() {
    return kind;
  }

  ByteBuf bytes() {
    return bytes;
  }

  int size() {
    return bytes.readableBytes();
  }

  void arrive() {
    arrived = true;
  }

  boolean hasArrived() {
    return arrived;
  }
}

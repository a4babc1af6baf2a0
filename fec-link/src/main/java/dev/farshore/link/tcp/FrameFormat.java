package dev.farshore.link.tcp;

import dev.farshore.link.port.ControlPort;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Offsets and checks of preface and frames; the byte table is in the package's description. */
final class FrameFormat {

  static final int PREFACE_BYTES = 8;
  static final int HEAD_BYTES = 8;
  static final int VERSION = 1;
  static final byte MESSAGE = 0;
  static final byte ALIVE = 1;

  private static final int MAGIC = 0x46534354;
  private static final int CHECKED_HEAD_BYTES = 4;
  private static final int CRC_OFFSET = 4;

  private FrameFormat() {}

  static ByteBuf preface(ByteBufAllocator memory) {
    return memory.directBuffer(PREFACE_BYTES).writeInt(MAGIC).writeShort(VERSION).writeShort(0);
  }

  /**
   * @param bytes at least {@link #PREFACE_BYTES} readable; not moved
   * @return what is wrong with the preface; empty if nothing is
   */
  static String faultOfPreface(ByteBuf bytes) {
    int at = bytes.readerIndex();
    if (bytes.getInt(at) != MAGIC) {
      return "the other end does not speak this protocol";
    }
    int version = bytes.getUnsignedShort(at + 4);
    if (version != VERSION) {
      return "the other end speaks version " + version + " of the control channel, not " + VERSION;
    }
    return bytes.getShort(at + 6) == 0 ? "" : "reserved bytes of the preface are not 0";
  }

  static ByteBuf message(ByteBufAllocator memory, ByteBuffer body) {
    return frame(memory, MESSAGE, body);
  }

  static ByteBuf alive(ByteBufAllocator memory) {
    return frame(memory, ALIVE, ByteBuffer.allocate(0));
  }

  private static ByteBuf frame(ByteBufAllocator memory, byte kind, ByteBuffer body) {
    int length = body.remaining();
    ByteBuf frame = memory.directBuffer(HEAD_BYTES + length);
    frame.writeByte(kind).writeMedium(length).writeInt(0).writeBytes(body.duplicate());
    frame.setInt(CRC_OFFSET, crc(frame, 0, length));
    return frame;
  }

  /** Length of the body of the frame at {@code at}, of which the head is there. */
  static int bodyBytes(ByteBuf bytes, int at) {
    return bytes.getUnsignedMedium(at + 1);
  }

  /**
   * What is wrong with a head, before its body is waited for, so that nobody can make us wait for,
   * or hold, more than the largest message.
   */
  static String faultOfHead(ByteBuf bytes, int at) {
    int length = bodyBytes(bytes, at);
    return switch (bytes.getByte(at)) {
      case MESSAGE ->
          length <= ControlPort.MAX_MESSAGE_BYTES ? "" : "frame of " + length + " bytes";
      case ALIVE -> length == 0 ? "" : "sign of life with a body";
      default -> "frame of kind " + bytes.getUnsignedByte(at);
    };
  }

  /** Whether the whole frame at {@code at} is as it was sent. */
  static boolean isIntact(ByteBuf bytes, int at) {
    return bytes.getInt(at + CRC_OFFSET) == crc(bytes, at, bodyBytes(bytes, at));
  }

  private static int crc(ByteBuf bytes, int at, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes.nioBuffer(at, CHECKED_HEAD_BYTES));
    crc.update(bytes.nioBuffer(at + HEAD_BYTES, length));
    return (int) crc.getValue();
  }
}

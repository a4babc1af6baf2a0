package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.*;

import dev.farshore.log.group.Extent;
import io.netty.buffer.ByteBuf;
import java.util.List;

/** Writes replies, sections "Simple reply message" and "Structured reply chunk message". */
final class ReplyEncoder {

  /** Longest text of an error: the text allows 4,096 bytes, nobody reads as many. */
  static final int MAX_ERROR_TEXT_BYTES = 256;

  /** Bytes before the data of an OFFSET_DATA chunk. */
  static final int DATA_CHUNK_OVERHEAD = CHUNK_HEADER_BYTES + 8;

  static final int HOLE_CHUNK_BYTES = CHUNK_HEADER_BYTES + 12;

  private ReplyEncoder() {}

  static void simple(ByteBuf out, NbdError error, long cookie) {
    out.writeInt(SIMPLE_REPLY_MAGIC).writeInt(error.code()).writeLong(cookie);
  }

  /** The successful end of a structured reply that has no other chunk. */
  static void none(ByteBuf out, long cookie) {
    chunk(out, true, REPLY_TYPE_NONE, cookie, 0);
  }

  /** The header of a chunk of {@code length} bytes of data, which follow. */
  static void offsetData(ByteBuf out, boolean last, long cookie, long offset, int length) {
    chunk(out, last, REPLY_TYPE_OFFSET_DATA, cookie, 8 + length);
    out.writeLong(offset);
  }

  /**
   * @param length 1 to 2^32 - 1
   */
  static void offsetHole(ByteBuf out, boolean last, long cookie, long offset, long length) {
    chunk(out, last, REPLY_TYPE_OFFSET_HOLE, cookie, 12);
    out.writeLong(offset).writeInt((int) length);
  }

  static void error(ByteBuf out, NbdError error, long cookie, String reason) {
    byte[] text = WireString.bytes(reason, MAX_ERROR_TEXT_BYTES);
    chunk(out, true, REPLY_TYPE_ERROR, cookie, 6 + text.length);
    out.writeInt(error.code()).writeShort(text.length).writeBytes(text);
  }

  /**
   * {@code base:allocation} of a range, in one chunk. Neighbours that are alike become one
   * descriptor, and none goes beyond the range.
   *
   * @param extents from the start of the range on, at least one
   * @param rangeBytes length of the range, 1 to 2^32 - 1
   * @param onlyFirst REQ_ONE: a single descriptor
   */
  static void blockStatus(
      ByteBuf out, long cookie, List<Extent> extents, long rangeBytes, boolean onlyFirst) {
    int start = out.writerIndex();
    chunk(out, true, REPLY_TYPE_BLOCK_STATUS, cookie, 0);
    out.writeInt(BASE_ALLOCATION_ID);
    long left = rangeBytes;
    long run = 0;
    int runState = 0;
    int descriptors = 0;
    for (Extent extent : extents) {
      int state = state(extent.kind());
      if (run > 0 && state != runState) {
        if (onlyFirst) {
          break;
        }
        out.writeInt((int) run).writeInt(runState);
        descriptors++;
        run = 0;
      }
      long length = Math.min(extent.length(), left);
      runState = state;
      run += length;
      left -= length;
      if (left == 0) {
        break;
      }
    }
    if (run == 0 && descriptors == 0) {
      throw new IllegalStateException("an export told no extent of a range");
    }
    if (run > 0) {
      out.writeInt((int) run).writeInt(runState);
      descriptors++;
    }
    out.setInt(start + CHUNK_HEADER_BYTES - 4, 4 + 8 * descriptors);
  }

  private static int state(Extent.Kind kind) {
    return switch (kind) {
      case DATA -> 0;
      case ZERO -> STATE_ZERO;
      case HOLE -> STATE_HOLE | STATE_ZERO;
    };
  }

  private static void chunk(ByteBuf out, boolean last, int type, long cookie, int length) {
    out.writeInt(STRUCTURED_REPLY_MAGIC)
        .writeShort(last ? REPLY_FLAG_DONE : 0)
        .writeShort(type)
        .writeLong(cookie)
        .writeInt(length);
  }
}

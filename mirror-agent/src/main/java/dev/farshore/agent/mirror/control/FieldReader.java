package dev.farshore.agent.mirror.control;

import dev.farshore.log.record.Chain;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads the fields of a control message, trusting none of its lengths. */
final class FieldReader {
  private final ByteBuffer in;

  FieldReader(ByteBuffer in) {
    this.in = in;
  }

  private void require(int bytes) throws MalformedMessageException {
    if (bytes < 0 || in.remaining() < bytes) {
      throw new MalformedMessageException(
          "message ends at byte " + in.limit() + ", " + bytes + " more were announced");
    }
  }

  byte int8() throws MalformedMessageException {
    require(1);
    return in.get();
  }

  boolean flag() throws MalformedMessageException {
    byte value = int8();
    if (value != 0 && value != 1) {
      throw new MalformedMessageException("flag is " + value);
    }
    return value == 1;
  }

  int int32() throws MalformedMessageException {
    require(Integer.BYTES);
    return in.getInt();
  }

  long int64() throws MalformedMessageException {
    require(Long.BYTES);
    return in.getLong();
  }

  /** A count or size that may not be negative. */
  long size() throws MalformedMessageException {
    long value = int64();
    if (value < 0) {
      throw new MalformedMessageException("size " + value + " is negative");
    }
    return value;
  }

  /** Number of list elements of at least {@code elementBytes} bytes each. */
  int count(int elementBytes) throws MalformedMessageException {
    int count = int32();
    if (count < 0 || (long) count * elementBytes > in.remaining()) {
      throw new MalformedMessageException("list of " + count + " does not fit the message");
    }
    return count;
  }

  String text() throws MalformedMessageException {
    require(Short.BYTES);
    int length = Short.toUnsignedInt(in.getShort());
    require(length);
    byte[] utf8 = new byte[length];
    in.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  /** A view of the message, valid as long as it is. */
  ByteBuffer bytes() throws MalformedMessageException {
    int length = int32();
    require(length);
    ByteBuffer slice = in.slice(in.position(), length);
    in.position(in.position() + length);
    return slice;
  }

  Epoch epoch() throws MalformedMessageException {
    int counter = int32();
    int site = int32();
    int restart = int32();
    if (counter < 0 || site < 0 || restart < 0) {
      throw new MalformedMessageException("epoch is negative");
    }
    return new Epoch(counter, site, restart);
  }

  LogPosition position() throws MalformedMessageException {
    long lsn = size();
    Epoch epoch = epoch();
    return new LogPosition(lsn, epoch, new Chain(int64(), int64()));
  }

  void end() throws MalformedMessageException {
    if (in.hasRemaining()) {
      throw new MalformedMessageException(in.remaining() + " bytes too many");
    }
  }
}

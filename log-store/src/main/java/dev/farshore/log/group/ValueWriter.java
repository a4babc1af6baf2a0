package dev.farshore.log.group;

import dev.farshore.log.record.LogPosition;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lays the fields of a durable value out, one after the other. */
final class ValueWriter {
  private static final int FIRST_BYTES = 1 << 10;

  private ByteBuffer bytes = littleEndian(FIRST_BYTES);

  private static ByteBuffer littleEndian(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private ByteBuffer room(int length) {
    if (bytes.remaining() < length) {
      bytes = littleEndian(2 * bytes.capacity() + length).put(bytes.flip());
    }
    return bytes;
  }

  ValueWriter int32(int value) {
    room(Integer.BYTES).putInt(value);
    return this;
  }

  ValueWriter int64(long value) {
    room(Long.BYTES).putLong(value);
    return this;
  }

  ValueWriter text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    int32(utf8.length);
    room(utf8.length).put(utf8);
    return this;
  }

  ValueWriter position(LogPosition position) {
    return int64(position.lsn())
        .int32(position.epoch().counter())
        .int32(position.epoch().site())
        .int32(position.epoch().restart())
        .int64(position.chain().high())
        .int64(position.chain().low());
  }

  ValueWriter volumes(List<VolumeInfo> volumes) {
    int32(volumes.size());
    for (VolumeInfo volume : volumes) {
      int32(volume.volume()).text(volume.name()).int64(volume.sizeBytes());
    }
    return this;
  }

  ByteBuffer value() {
    return bytes.flip();
  }
}

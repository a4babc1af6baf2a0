package dev.farshore.agent.mirror.control;

import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Writes the fields of a control message; big-endian. */
final class FieldWriter {
  private static final int MAX_TEXT_BYTES = 0xffff;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
  private final DataOutputStream out = new DataOutputStream(bytes);

  private interface Step {
    void run() throws IOException;
  }

  private FieldWriter step(Step step) {
    try {
      step.run();
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory failed", e);
    }
    return this;
  }

  FieldWriter int8(int value) {
    return step(() -> out.writeByte(value));
  }

  FieldWriter int32(int value) {
    return step(() -> out.writeInt(value));
  }

  FieldWriter int64(long value) {
    return step(() -> out.writeLong(value));
  }

  FieldWriter text(String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(utf8.length, MAX_TEXT_BYTES);
    return step(
        () -> {
          out.writeShort(length);
          out.write(utf8, 0, length);
        });
  }

  FieldWriter bytes(ByteBuffer value) {
    byte[] copy = new byte[value.remaining()];
    value.duplicate().get(copy);
    return step(
        () -> {
          out.writeInt(copy.length);
          out.write(copy);
        });
  }

  FieldWriter epoch(Epoch epoch) {
    return int32(epoch.counter()).int32(epoch.site()).int32(epoch.restart());
  }

  FieldWriter position(LogPosition position) {
    return int64(position.lsn())
        .epoch(position.epoch())
        .int64(position.chain().high())
        .int64(position.chain().low());
  }

  ByteBuffer toBuffer() {
    return ByteBuffer.wrap(bytes.toByteArray());
  }
}

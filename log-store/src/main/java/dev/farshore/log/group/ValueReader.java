package dev.farshore.log.group;

import dev.farshore.log.record.Chain;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Takes the fields of a durable value apart; one that cannot be is refused, not guessed at. */
final class ValueReader {
  private final ByteBuffer bytes;
  private final String what;

  ValueReader(ByteBuffer value, String what) {
    this.bytes = value.slice().order(ByteOrder.LITTLE_ENDIAN);
    this.what = what;
  }

  int int32() throws IOException {
    need(Integer.BYTES);
    return bytes.getInt();
  }

  /** A number that is not negative. */
  int count() throws IOException {
    int value = int32();
    check(value >= 0);
    return value;
  }

  /** A number that is not negative. */
  long int64() throws IOException {
    need(Long.BYTES);
    long value = bytes.getLong();
    check(value >= 0);
    return value;
  }

  String text() throws IOException {
    int length = count();
    need(length);
    byte[] utf8 = new byte[length];
    bytes.get(utf8);
    return new String(utf8, StandardCharsets.UTF_8);
  }

  LogPosition position() throws IOException {
    long lsn = int64();
    Epoch epoch = new Epoch(count(), count(), count());
    need(2 * Long.BYTES);
    return new LogPosition(lsn, epoch, new Chain(bytes.getLong(), bytes.getLong()));
  }

  List<VolumeInfo> volumes() throws IOException {
    int count = count();
    check(count <= VolumeTable.VOLUMES_MAX);
    List<VolumeInfo> volumes = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      volumes.add(new VolumeInfo(count(), text(), int64()));
    }
    return volumes;
  }

  /** How many items of a size there can be at most in what is left. */
  void needItems(int count, int itemBytes) throws IOException {
    check((long) count * itemBytes <= bytes.remaining());
  }

  /** Whether something is left that may be there or not. */
  boolean hasMore() {
    return bytes.hasRemaining();
  }

  /** The next number can be no other one. */
  void needValue(int value) throws IOException {
    check(int32() == value);
  }

  void end() throws IOException {
    check(!bytes.hasRemaining());
  }

  private void need(int count) throws IOException {
    check(bytes.remaining() >= count);
  }

  private void check(boolean holds) throws IOException {
    if (!holds) {
      throw new IOException(what + " is not laid out as version 1, at byte " + bytes.position());
    }
  }
}

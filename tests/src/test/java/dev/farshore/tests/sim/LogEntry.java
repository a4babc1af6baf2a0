package dev.farshore.tests.sim;

import dev.farshore.log.record.Change;
import dev.farshore.log.record.LogPosition;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A record as the oracle remembers it.
 *
 * @param position just after it
 * @param change what it does; the bytes of a write are a copy
 * @param endsAppend whether it is the last of its append
 */
record LogEntry(LogPosition position, Change change, boolean endsAppend) {

  /** Keeps a copy of the bytes. */
  static LogEntry of(LogPosition position, Change change, boolean endsAppend) {
    Change kept = change;
    if (change instanceof Change.Write write) {
      ByteBuffer copy = ByteBuffer.allocate(write.data().remaining());
      copy.put(write.data().duplicate()).flip();
      kept = new Change.Write(write.volume(), write.offset(), copy);
    }
    return new LogEntry(position, kept, endsAppend);
  }

  long lsn() {
    return position.lsn();
  }

  /** The write that a client made, from its first cell. */
  long writeId() {
    Change.Write write = (Change.Write) change;
    return write.data().duplicate().order(ByteOrder.LITTLE_ENDIAN).getLong(0);
  }

  boolean sameAs(LogEntry other) {
    return position.equals(other.position)
        && endsAppend == other.endsAppend
        && change.equals(other.change);
  }
}

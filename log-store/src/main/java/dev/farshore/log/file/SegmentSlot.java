package dev.farshore.log.file;

import dev.farshore.log.record.Chain;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * What a segment file says about itself, in one of the three slots at its beginning; laid out as in
 * this package's description.
 *
 * @param fileBytes size of the file when it was made ready; 0 if it is free
 * @param start where the segment begins; {@link LogPosition#START} unless it is in service
 * @param forced LSN up to which the log had been forced; 0 unless it is in service
 */
record SegmentSlot(
    State state, Identity segment, long group, int fileBytes, LogPosition start, long forced) {

  /**
   * Which segment it is.
   *
   * @param number its place in the log
   * @param salt of this incarnation of the file
   * @param restart whether it takes the log over at its start
   */
  record Identity(long number, long salt, boolean restart) {}

  enum State {
    FREE,
    READY,
    SERVING,
    /** In service, and the log goes on in the segment of the next number. */
    CONTINUED,
    /** In service, and a restart has taken the log over at its end or before. */
    SUCCEEDED;

    boolean inService() {
      return ordinal() >= SERVING.ordinal();
    }

    /** Which of two is believed if a segment's slots say both. */
    boolean isStrongerThan(State other) {
      return other != FREE && (this == FREE || compareTo(other) > 0);
    }
  }

  static final int BYTES = 88;
  static final int PAGE_BYTES = 4096;
  static final int COUNT = 3;

  /** Where the last slot is; that of a segment that is left behind says so. */
  static final int LAST = (COUNT - 1) * PAGE_BYTES;

  /** Where the first batch of a segment begins. */
  static final int DATA_START = COUNT * PAGE_BYTES;

  private static final int MAGIC = 0x47535346;
  private static final byte VERSION = 1;

  static SegmentSlot free(long group, long number) {
    return new SegmentSlot(
        State.FREE, new Identity(number, 0, false), group, 0, LogPosition.START, 0);
  }

  static SegmentSlot ready(Segment segment, long group) {
    return new SegmentSlot(
        State.READY, segment.identity(), group, segment.fileBytes(), LogPosition.START, 0);
  }

  /**
   * @param state one that is in service
   * @param forced LSN up to which the log has been forced
   */
  static SegmentSlot inService(State state, Segment segment, long group, long forced) {
    return new SegmentSlot(
        state, segment.identity(), group, segment.fileBytes(), segment.start(), forced);
  }

  long number() {
    return segment.number();
  }

  long salt() {
    return segment.salt();
  }

  boolean restart() {
    return segment.restart();
  }

  /** Lays the slot out at {@code at} of a little-endian buffer. */
  void encode(ByteBuffer target, int at) {
    target.putInt(at + 4, MAGIC);
    target.put(at + 8, VERSION);
    target.put(at + 9, (byte) (state.ordinal() + 1));
    target.put(at + 10, (byte) (restart() ? 1 : 0));
    target.put(at + 11, (byte) 0);
    target.putInt(at + 12, fileBytes);
    target.putLong(at + 16, group);
    target.putLong(at + 24, number());
    target.putLong(at + 32, salt());
    target.putLong(at + 40, start.lsn());
    target.putInt(at + 48, start.epoch().counter());
    target.putInt(at + 52, start.epoch().site());
    target.putInt(at + 56, start.epoch().restart());
    target.putInt(at + 60, 0);
    target.putLong(at + 64, start.chain().high());
    target.putLong(at + 72, start.chain().low());
    target.putLong(at + 80, forced);
    target.putInt(at, Checksum.of(target, at + 4, BYTES - 4));
  }

  /**
   * The slot at {@code at} of a little-endian buffer, if there is a valid one.
   *
   * @throws IOException if there is one of another version, which must not be taken for garbage
   */
  static Optional<SegmentSlot> decode(ByteBuffer source, int at) throws IOException {
    if (source.limit() < at + BYTES
        || source.getInt(at + 4) != MAGIC
        || source.getInt(at) != Checksum.of(source, at + 4, BYTES - 4)) {
      return Optional.empty();
    }
    if (source.get(at + 8) != VERSION) {
      throw new IOException("segment format version " + source.get(at + 8) + " is not supported");
    }
    if (!hasKnownForm(source, at)) {
      return Optional.empty();
    }
    Epoch epoch = new Epoch(source.getInt(at + 48), source.getInt(at + 52), source.getInt(at + 56));
    Chain chain = new Chain(source.getLong(at + 64), source.getLong(at + 72));
    return Optional.of(
        new SegmentSlot(
            State.values()[source.get(at + 9) - 1],
            new Identity(
                source.getLong(at + 24), source.getLong(at + 32), source.get(at + 10) == 1),
            source.getLong(at + 16),
            source.getInt(at + 12),
            new LogPosition(source.getLong(at + 40), epoch, chain),
            source.getLong(at + 80)));
  }

  private static boolean hasKnownForm(ByteBuffer source, int at) {
    int state = source.get(at + 9);
    return state >= 1
        && state <= State.values().length
        && (source.get(at + 10) & ~1) == 0
        && source.getInt(at + 12) >= 0
        && source.getLong(at + 24) > 0
        && source.getLong(at + 40) >= 0
        && source.getInt(at + 48) >= 0
        && source.getInt(at + 52) >= 0
        && source.getInt(at + 56) >= 0
        && source.getLong(at + 80) >= 0;
  }
}

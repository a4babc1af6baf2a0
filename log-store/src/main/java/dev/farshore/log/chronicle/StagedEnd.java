package dev.farshore.log.chronicle;

import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordEncoder;
import dev.farshore.log.record.RecordFormat;
import dev.farshore.log.record.RecordHead;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/** Where a log has come, and how records get there. Owned by the log's thread. */
final class StagedEnd {

  private final ChronicleSettings settings;
  private final RecordEncoder encoder = new RecordEncoder();

  private LogPosition last = LogPosition.START;
  private LogPosition lastWhole = LogPosition.START;
  private long stagedBytes;
  private long encodedBytes;

  StagedEnd(ChronicleSettings settings) {
    this.settings = settings;
  }

  /** Says where the log ends: at a whole append, and nothing is staged behind it. */
  void is(LogPosition position) {
    last = position;
    lastWhole = position;
    stagedBytes = 0;
  }

  /** After the last staged record. */
  LogPosition last() {
    return last;
  }

  /** After the last staged append that is whole. */
  LogPosition lastWhole() {
    return lastWhole;
  }

  boolean isWhole() {
    return last.equals(lastWhole);
  }

  /** Bytes of records that were staged and are not with the operating system. */
  long stagedBytes() {
    return stagedBytes;
  }

  /** Bytes of all records that were staged. */
  long encodedBytes() {
    return encodedBytes;
  }

  /** Says that every whole append is with the operating system. */
  void written() {
    if (isWhole()) {
      stagedBytes = 0;
    }
  }

  /** Size of the records of changes, which must be possible for one append. */
  static int encodedBytes(List<Change> changes) {
    long sum = 0;
    for (Change change : changes) {
      sum += RecordEncoder.encodedBytes(change);
    }
    if (sum == 0 || sum > RecordFormat.MAX_APPEND_BYTES) {
      throw new IllegalArgumentException("an append of " + sum + " bytes");
    }
    return (int) sum;
  }

  /** Stages changes as one append. */
  void append(
      Generation generation, List<Change> changes, Epoch epoch, long wallMillis, long forced)
      throws IOException {
    makeRoom(generation, encodedBytes(changes), forced);
    for (int i = 0; i < changes.size(); i++) {
      boolean first = i == 0;
      boolean finishes = i == changes.size() - 1;
      RecordHead head =
          new RecordHead(settings.group(), last.lsn() + 1, epoch, wallMillis, first, finishes);
      append(generation, head, changes.get(i), forced);
    }
    lastWhole = last;
  }

  private void append(Generation generation, RecordHead head, Change change, long forced)
      throws IOException {
    int bytes = RecordEncoder.encodedBytes(change);
    generation.append(
        bytes,
        forced,
        place ->
            last =
                new LogPosition(
                    head.lsn(), head.epoch(), encoder.encode(head, change, last.chain(), place)));
    staged(bytes);
  }

  /** Stages a record as it is; it has been verified to continue the log. */
  void append(Generation generation, RecordView view, ByteBuffer record, long forced)
      throws IOException {
    int bytes = record.remaining();
    if (view.firstOfAppend()) {
      makeRoom(generation, bytes, forced);
    }
    generation.append(bytes, forced, place -> place.put(record.duplicate()));
    last = view.end();
    lastWhole = view.lastOfAppend() ? last : lastWhole;
    staged(bytes);
  }

  private void staged(int bytes) {
    stagedBytes += bytes;
    encodedBytes += bytes;
  }

  /** Begins a new segment if the next append would make this one too long. */
  private void makeRoom(Generation generation, long bytes, long forced) throws IOException {
    Optional<Segment> active = generation.active();
    boolean fits =
        active.isPresent()
            && (active.get().isEmpty() || active.get().bytes() + bytes <= settings.segmentBytes());
    if (!fits) {
      generation.beginNext(last, forced);
    }
  }
}

package dev.farshore.tests.sim;

import dev.farshore.appliance.export.Export;
import dev.farshore.log.group.VolumeInfo;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.LogPosition;
import java.nio.ByteBuffer;

/** One request of a client, from the call to the reply, as the client's own journal has it. */
final class Request implements Export.Reply {

  enum Kind {
    READ,
    WRITE,
    /** Zeros that keep their room. */
    ZERO,
    /** Zeros that may give it up. */
    PUNCH,
    TRIM,
    FLUSH
  }

  /** Takes what becomes of requests. */
  interface Journal {
    void done(Request request);

    void failed(Request request, Export.Failure failure, String reason);
  }

  final Kind kind;
  final SiteProcess process;
  final VolumeInfo volume;
  final long offset;
  final long length;
  final boolean forced;
  final ByteBuffer data;
  private final Journal journal;
  private boolean answered;
  private boolean taken;
  private LogPosition position;
  private long before;

  /**
   * @param data what is written, or room for what is read; empty otherwise
   * @param before LSN that this request comes after: the end of the log when a read was made, the
   *     last record answered when a flush was
   */
  Request(
      Kind kind,
      SiteProcess process,
      VolumeInfo volume,
      long offset,
      long length,
      boolean forced,
      ByteBuffer data,
      long before,
      Journal journal) {
    this.kind = kind;
    this.process = process;
    this.volume = volume;
    this.offset = offset;
    this.length = length;
    this.forced = forced;
    this.data = data;
    this.before = before;
    this.journal = journal;
  }

  boolean changes() {
    return kind != Kind.READ && kind != Kind.FLUSH;
  }

  /** Whether the record does what this request asked for. */
  boolean asked(Change change) {
    if (change.volume() != volume.volume()) {
      return false;
    }
    return switch (change) {
      case Change.Write write ->
          kind == Kind.WRITE && write.offset() == offset && write.data().equals(data);
      case Change.Zero zero -> kind == Kind.ZERO && covers(zero.offset(), zero.length());
      case Change.Trim trim ->
          (kind == Kind.TRIM || kind == Kind.PUNCH) && covers(trim.offset(), trim.length());
      default -> false;
    };
  }

  private boolean covers(long from, long bytes) {
    return from == offset && bytes == length;
  }

  void appended(LogPosition at) {
    position = at;
  }

  /** Where its record is in the log; null if there is none. */
  LogPosition position() {
    return position;
  }

  long before() {
    return before;
  }

  boolean isAnswered() {
    return answered;
  }

  /** The client uses the memory again, and the product must not care. */
  @Override
  public void dataTaken() {
    Violation.unless(
        !answered && !taken, "N6", () -> "data taken twice or after the reply: " + this);
    taken = true;
    scribble();
  }

  private void scribble() {
    for (int i = data.position(); i < data.limit(); i++) {
      data.put(i, (byte) 0xee);
    }
  }

  @Override
  public void done() {
    answer();
    journal.done(this);
    if (kind == Kind.WRITE) {
      scribble();
    }
  }

  @Override
  public void failed(Export.Failure failure, String reason) {
    answer();
    journal.failed(this, failure, reason);
  }

  private void answer() {
    Violation.unless(!answered, "N6", () -> "a second reply to " + this);
    Violation.unless(process.isAlive(), "N6", () -> "a dead process replied to " + this);
    answered = true;
  }

  @Override
  public String toString() {
    return kind
        + " of "
        + volume
        + " at "
        + offset
        + "+"
        + length
        + (forced ? " forced" : "")
        + (position == null ? "" : " " + position);
  }
}

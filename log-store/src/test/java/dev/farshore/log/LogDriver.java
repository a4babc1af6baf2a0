package dev.farshore.log;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.disk.Completion;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Drives a log as its owner would: polls it while time passes, until something has happened. */
public final class LogDriver {

  private static final long STEP_NANOS = 50_000;
  private static final long WATCHDOG_MILLIS = 60_000;

  private final SegmentLog log;
  private long nowNanos;

  public LogDriver(SegmentLog log) {
    this.log = log;
  }

  public long nowNanos() {
    return nowNanos;
  }

  /** Polls until the condition holds. */
  public void until(String what, BooleanSupplier condition) {
    long start = System.currentTimeMillis();
    while (!condition.getAsBoolean()) {
      nowNanos += STEP_NANOS;
      log.poll(nowNanos);
      Thread.onSpinWait();
      assertTrue(System.currentTimeMillis() - start < WATCHDOG_MILLIS, "waited for " + what);
    }
  }

  /** Polls for a while of the log's own time. */
  public void pass(long nanos) {
    long end = nowNanos + nanos;
    while (nowNanos < end) {
      nowNanos += STEP_NANOS;
      log.poll(nowNanos);
    }
  }

  /** Until all is with the operating system. */
  public void write() {
    until("appended", () -> log.appended() == log.last().lsn());
  }

  /** Until all is durable. */
  public void force() {
    log.requestForce();
    until("forced", () -> log.forced() == log.last().lsn() || log.failure().isPresent());
    assertTrue(log.failure().isEmpty(), () -> log.failure().get().toString());
  }

  /** The next record, copied. */
  public byte[] next(LogCursor cursor) throws IOException {
    long start = System.currentTimeMillis();
    while (true) {
      ByteBuffer record = cursor.next();
      if (record != null) {
        byte[] copy = new byte[record.remaining()];
        record.get(record.position(), copy);
        return copy;
      }
      nowNanos += STEP_NANOS;
      log.poll(nowNanos);
      assertTrue(System.currentTimeMillis() - start < WATCHDOG_MILLIS, "waited for a record");
    }
  }

  /** The records from one to another, copied, and verified against each other. */
  public List<byte[]> records(long from, long to) throws IOException {
    List<byte[]> records = new ArrayList<>();
    try (LogCursor cursor = log.cursor(from)) {
      for (long lsn = from; lsn <= to; lsn++) {
        assertEquals(lsn, cursor.lsn());
        byte[] record = next(cursor);
        RecordView view = new RecordView().wrap(ByteBuffer.wrap(record));
        assertTrue(view.verifyHeader() && view.verifyPayload());
        assertEquals(lsn, view.lsn());
        records.add(record);
      }
      if (to == log.appended()) {
        assertEquals(null, cursor.next(), "the cursor ends with the log");
      }
    }
    return records;
  }

  /** Bytes of a payload. */
  public byte[] payload(long lsn, int volume, int offset, int length) throws IOException {
    ByteBuffer target = ByteBuffer.allocate(length + 7).position(3).limit(3 + length);
    Told told = new Told();
    log.read(lsn, volume, offset, target, told);
    until("a read", () -> told.finished);
    if (told.failure != null) {
      throw told.failure;
    }
    assertEquals(3, target.position());
    byte[] bytes = new byte[length];
    target.get(3, bytes);
    return bytes;
  }

  private static final class Told implements Completion {
    private boolean finished;
    private IOException failure;

    @Override
    public void done() {
      assertTrue(!finished, "a completion runs once");
      finished = true;
    }

    @Override
    public void failed(IOException cause) {
      assertTrue(!finished, "a completion runs once");
      finished = true;
      failure = cause;
    }
  }
}

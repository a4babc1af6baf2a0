package dev.farshore.log.chronicle;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.LogCursor;
import dev.farshore.log.LogDamagedException;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.DirectoryLockedException;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordFormat;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChronicleSegmentLogTest {
  private static final long GROUP = 77;
  private static final Epoch EPOCH = new Epoch(1, 1);
  private static final int SEGMENT_BYTES = 64 << 10;

  @TempDir Path directory;

  private ChronicleSegmentLogs logs(Path where) throws IOException {
    return new ChronicleSegmentLogs(where, new ChronicleSettings(GROUP, SEGMENT_BYTES, () -> {}));
  }

  private ChronicleSegmentLogs logs() throws IOException {
    return logs(directory);
  }

  private static ByteBuffer payload(long seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return ByteBuffer.wrap(bytes);
  }

  private static Change write(long seed, int length) {
    return new Change.Write(3, seed * 8192, payload(seed, length));
  }

  /** Appends {@code count} writes of their own, with payloads that their LSN gives. */
  private static void appendWrites(SegmentLog log, int count) throws IOException {
    for (int i = 0; i < count; i++) {
      long lsn = log.last().lsn() + 1;
      log.append(List.of(write(lsn, 4096)), EPOCH, lsn);
    }
    log.poll(0);
  }

  private static void force(SegmentLog log) {
    log.requestForce();
    while (log.forced() < log.appended() && log.failure().isEmpty()) {
      log.poll(0);
      Thread.onSpinWait();
    }
    assertTrue(log.failure().isEmpty(), () -> log.failure().toString());
  }

  private static void assertHolds(SegmentLog log, long from, long to) throws IOException {
    RecordView view = new RecordView();
    try (LogCursor cursor = log.cursor(from)) {
      for (long lsn = from; lsn <= to; lsn++) {
        ByteBuffer record = cursor.next();
        assertTrue(view.wrap(record).verifyHeader() && view.verifyPayload());
        assertEquals(lsn, view.lsn());
        assertEquals(payload(lsn, 4096), view.payload());
      }
      assertEquals(null, cursor.next());
    }
  }

  /** What the disk would hold if this process were killed now. */
  private Path killed(String name) throws IOException {
    Path copy = Files.createDirectory(directory.resolve(name));
    SparseCopy.of(directory.resolve("log.chronicle"), copy.resolve("log.chronicle"));
    return copy;
  }

  @Test
  void readsBackWhatWasAppendedAcrossSegmentsAndReopening() throws IOException {
    try (SegmentLog log = logs().create("log", LogPosition.START)) {
      appendWrites(log, 100);
      force(log);
      assertHolds(log, 1, 100);
    }
    try (SegmentLog log = logs().open("log")) {
      assertTrue(log.recovery().clean());
      assertEquals(100, log.recovery().syncedLsn());
      appendWrites(log, 50);
      assertHolds(log, 1, 150);
    }
    try (SegmentLog log = logs().open("log")) {
      assertHolds(log, 37, 150);
      assertEquals(150, log.positionAt(150).orElseThrow().lsn());
    }
  }

  @Test
  void keepsEveryAppendOfAKilledProcessAndRewritesWhatWasNotForced() throws IOException {
    try (SegmentLog log = logs().create("log", LogPosition.START)) {
      appendWrites(log, 60);
      force(log);
      appendWrites(log, 40);
      LogPosition end = log.last();
      try (SegmentLog again = logs(killed("copy")).open("log")) {
        assertFalse(again.recovery().clean());
        assertEquals(end, again.recovery().position());
        assertEquals(60, again.recovery().syncedLsn());
        assertEquals(40, again.recovery().rewrittenRecords());
        assertEquals(100, again.forced());
        appendWrites(again, 20);
        assertHolds(again, 1, 120);
      }
    }
  }

  @Test
  void dropsAnAppendOfWhichOnlyAPartArrived() throws IOException {
    List<ByteBuffer> records = new ArrayList<>();
    try (SegmentLog source = logs().create("source", LogPosition.START)) {
      source.append(List.of(write(1, 100), write(2, 200), write(3, 300)), EPOCH, 0);
      source.poll(0);
      try (LogCursor cursor = source.cursor(1)) {
        for (int i = 0; i < 3; i++) {
          ByteBuffer record = cursor.next();
          records.add(ByteBuffer.allocate(record.remaining()).put(record).flip());
        }
      }
    }
    try (SegmentLog log = logs().create("log", LogPosition.START)) {
      for (ByteBuffer record : records.subList(0, 2)) {
        assertEquals(SegmentLog.ReplicaOutcome.APPENDED, log.appendReplica(record));
      }
      log.poll(0);
      assertEquals(0, log.appended());
      try (SegmentLog again = logs(killed("copy")).open("log")) {
        assertEquals(0, again.last().lsn());
        assertEquals(2, again.recovery().droppedRecords());
        for (ByteBuffer record : records) {
          assertEquals(SegmentLog.ReplicaOutcome.APPENDED, again.appendReplica(record));
        }
        again.poll(0);
        assertEquals(3, again.appended());
      }
    }
  }

  @Test
  void holdsTheLargestPayloadAndReadsPiecesOfIt() throws IOException {
    ByteBuffer data = payload(5, RecordFormat.MAX_PAYLOAD_BYTES);
    try (SegmentLog log = logs().create("log", LogPosition.START)) {
      for (int i = 0; i < 2; i++) {
        log.append(
            List.of(new Change.Write(1, 1000 + i, data), new Change.Mark("after")), EPOCH, 0);
      }
      log.poll(0);
      for (int at : new int[] {0, 4095, 1 << 20, RecordFormat.MAX_PAYLOAD_BYTES - 5000}) {
        ByteBuffer part = ByteBuffer.allocate(5000);
        Outcome outcome = new Outcome();
        log.read(3, 1, at, part, outcome);
        assertEquals(null, outcome.failure);
        assertEquals(data.slice(at, 5000), part.clear());
      }
    }
    try (SegmentLog log = logs().open("log");
        LogCursor cursor = log.cursor(3)) {
      RecordView view = new RecordView().wrap(cursor.next());
      assertEquals(data, view.payload());
    }
  }

  private static final class Outcome implements Completion {
    private IOException failure = new IOException("not completed");

    @Override
    public void done() {
      failure = null;
    }

    @Override
    public void failed(IOException cause) {
      failure = cause;
    }
  }

  @Test
  void cutKeepsTheTailAsideAndContinuesBeforeIt() throws IOException {
    try (SegmentLog log = logs().create("log", LogPosition.START)) {
      appendWrites(log, 100);
      LogPosition cut = log.positionAt(42).orElseThrow();
      assertEquals(cut, log.cut(42, "aside"));
      assertEquals(42, log.appended());
      assertEquals(42, log.forced());
      appendWrites(log, 3);
      assertHolds(log, 1, 45);
      try (SegmentLog aside = logs().open("aside")) {
        assertHolds(aside, 43, 100);
      }
    }
    try (SegmentLog log = logs().open("log")) {
      assertHolds(log, 1, 45);
      assertEquals(0, log.cut(0, "aside").lsn());
      appendWrites(log, 2);
      assertHolds(log, 1, 2);
    }
    try (SegmentLog aside = logs().open("aside.2")) {
      assertHolds(aside, 1, 45);
    }
  }

  @Test
  void cutAtEveryRecordEndsThere() throws IOException {
    for (int at = 0; at <= 30; at += 3) {
      try (SegmentLog log = logs().create("log" + at, LogPosition.START)) {
        appendWrites(log, 30);
        log.cut(at, "aside" + at);
        appendWrites(log, 1);
        assertHolds(log, 1, at + 1);
      }
      try (SegmentLog log = logs().open("log" + at)) {
        assertTrue(log.recovery().clean());
        assertHolds(log, 1, at + 1);
      }
      logs().delete("log" + at);
      logs().delete("aside" + at);
    }
    assertEquals(List.of(), Home.entries(directory));
  }

  @Test
  void freesWholeSegmentsBehindEveryCursor() throws IOException {
    try (SegmentLog log = logs().create("log", LogPosition.START)) {
      appendWrites(log, 200);
      force(log);
      long before = log.retainedBytes();
      LogCursor cursor = log.cursor(50);
      log.free(150);
      while (log.poll(0)) {
        assertTrue(log.first() <= 50);
      }
      assertTrue(log.first() > 1 && log.first() <= 50, "first " + log.first());
      assertTrue(log.retainedBytes() < before / 2);
      cursor.next();
      cursor.close();
      while (log.poll(0)) {
        assertTrue(log.first() <= 150);
      }
      assertTrue(log.first() > 100 && log.first() <= 150, "first " + log.first());
      assertHolds(log, log.first(), 200);
      assertEquals(log.first() - 1, log.positionAt(log.first() - 1).orElseThrow().lsn());
    }
    try (SegmentLog log = logs().open("log")) {
      assertTrue(log.first() > 100);
      assertHolds(log, log.first(), 200);
    }
  }

  @Test
  void aFlippedBitOfAPayloadIsDamageWhenItWasForcedAndATornEndWhenNot() throws IOException {
    try (SegmentLog log = logs().create("log", LogPosition.START)) {
      appendWrites(log, 5);
      force(log);
      appendWrites(log, 5);
    }
    // The close says that all of it was forced.
    byte[] eighth = payload(8, 4096).array();
    Path file = directory.resolve("log.chronicle/generation-0000000001/19700101-0001.cq4");
    flipFirst(file, eighth);
    LogDamagedException damage =
        assertThrows(LogDamagedException.class, () -> logs().open("log").close());
    assertEquals(8, damage.lsn());

    try (SegmentLog log = logs().create("log2", LogPosition.START)) {
      appendWrites(log, 5);
      force(log);
      appendWrites(log, 5);
      Path copy = Files.createDirectory(directory.resolve("copy"));
      SparseCopy.of(directory.resolve("log2.chronicle"), copy.resolve("log2.chronicle"));
      String name = "log2.chronicle/generation-0000000001/19700101-0001.cq4";
      flipFirst(copy.resolve(name), eighth);
      try (SegmentLog again = logs(copy).open("log2")) {
        assertEquals(7, again.last().lsn());
        assertEquals(5, again.recovery().syncedLsn());
        assertTrue(again.recovery().tornBytes() > 3 * 4096);
        assertHolds(again, 1, 7);
      }
    }
  }

  private static void flipFirst(Path file, byte[] content) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      ByteBuffer all = ByteBuffer.allocate(1 << 20);
      channel.read(all, 0);
      byte[] bytes = all.array();
      for (int i = 0; i + content.length <= bytes.length; i++) {
        if (java.util.Arrays.equals(bytes, i, i + content.length, content, 0, content.length)) {
          channel.write(ByteBuffer.wrap(new byte[] {(byte) (bytes[i + 99] ^ 4)}), i + 99);
          return;
        }
      }
    }
    throw new IllegalStateException("not found");
  }

  @Test
  void isUsedByOneAtATime() throws IOException {
    try (SegmentLog log = logs().create("log", LogPosition.START)) {
      assertThrows(DirectoryLockedException.class, () -> logs().open("log"));
      assertThrows(DirectoryLockedException.class, () -> logs().setAside("log", "other"));
      appendWrites(log, 1);
    }
    assertThrows(FileAlreadyExistsException.class, () -> logs().create("log", LogPosition.START));
    logs().setAside("log", "other");
    logs().setAside("log", "other");
    assertThrows(NoSuchFileException.class, () -> logs().open("log"));
    try (SegmentLog log = logs().open("other")) {
      assertHolds(log, 1, 1);
    }
    logs().delete("other");
    logs().delete("other");
    assertThrows(NoSuchFileException.class, () -> logs().open("other"));
  }

  @Test
  void aReplicaIsTheSameLog() throws IOException {
    Random random = new Random(4);
    try (SegmentLog source = logs().create("source", LogPosition.START);
        SegmentLog log = logs().create("log", LogPosition.START)) {
      for (int i = 0; i < 60; i++) {
        List<Change> changes = new ArrayList<>();
        for (int j = random.nextInt(3); j >= 0; j--) {
          changes.add(write(random.nextInt(1000), 1 + random.nextInt(9000)));
        }
        source.append(changes, EPOCH, i);
      }
      source.poll(0);
      try (LogCursor cursor = source.cursor(1)) {
        ByteBuffer record = cursor.next();
        while (record != null) {
          assertEquals(SegmentLog.ReplicaOutcome.APPENDED, log.appendReplica(record));
          assertEquals(SegmentLog.ReplicaOutcome.DUPLICATE, log.appendReplica(record));
          record.put(30, (byte) (record.get(30) ^ 1));
          assertEquals(SegmentLog.ReplicaOutcome.CORRUPT, log.appendReplica(record));
          record = cursor.next();
        }
      }
      log.poll(0);
      assertEquals(source.last(), log.last());
      assertEquals(log.last().lsn(), log.appended());
    }
  }

  @Test
  void aFailedForcePoisonsTheLog() throws IOException {
    SegmentLog log = logs().create("log", LogPosition.START);
    appendWrites(log, 3);
    // A force whose file is gone fails as one whose device is.
    Files.delete(directory.resolve("log.chronicle/generation-0000000001/19700101-0001.cq4"));
    log.requestForce();
    while (log.failure().isEmpty()) {
      log.poll(0);
      Thread.onSpinWait();
    }
    assertEquals(0, log.forced());
    assertThrows(IOException.class, () -> appendWrites(log, 1));
    log.requestForce();
    log.poll(0);
    assertEquals(0, log.forced());
    log.close();
  }

  @Test
  void fileNamesAreThoseOfTheCycles() {
    for (int cycle : new int[] {1, 59, 60, 1440, 123_456_789, Integer.MAX_VALUE}) {
      assertEquals(cycle, CycleQueue.cycleOf(CycleQueue.fileName(cycle)));
    }
    assertEquals("19700101-0001.cq4", CycleQueue.fileName(1));
    assertEquals(-1, CycleQueue.cycleOf("metadata.cq4t"));
  }
}

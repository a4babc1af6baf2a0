package dev.farshore.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Records that come from another site's log. */
abstract class ReplicaContract extends LogContract {

  @Test
  void aReplicaHoldsTheSameBytesAndChain() throws IOException {
    start();
    appendWrites(30, 3000);
    log.append(List.of(write(1, 0, 10, 1), write(2, 0, 10, 2)), EPOCH, 7);
    driver.write();
    List<byte[]> records = driver.records(1, 32);
    try (SegmentLog replica = store.create("replica", LogPosition.START)) {
      LogDriver replicaDriver = new LogDriver(replica);
      for (byte[] record : records) {
        assertEquals(
            SegmentLog.ReplicaOutcome.APPENDED, replica.appendReplica(ByteBuffer.wrap(record)));
      }
      replicaDriver.force();
      assertEquals(log.last(), replica.last());
      List<byte[]> copies = replicaDriver.records(1, 32);
      for (int i = 0; i < 32; i++) {
        assertArrayEquals(records.get(i), copies.get(i));
      }
    }
  }

  @Test
  void aReplicaRefusesWhatDoesNotFollow() throws IOException {
    start();
    appendWrites(5, 100);
    driver.write();
    List<byte[]> records = driver.records(1, 5);
    try (SegmentLog other = store.create("other", LogPosition.START)) {
      assertEquals(
          SegmentLog.ReplicaOutcome.GAP, other.appendReplica(ByteBuffer.wrap(records.get(1))));
      byte[] corrupt = records.get(0).clone();
      corrupt[corrupt.length - 1] ^= 1;
      assertEquals(
          SegmentLog.ReplicaOutcome.CORRUPT, other.appendReplica(ByteBuffer.wrap(corrupt)));
      byte[] cut = Arrays.copyOf(records.get(0), 60);
      assertEquals(SegmentLog.ReplicaOutcome.CORRUPT, other.appendReplica(ByteBuffer.wrap(cut)));
      assertEquals(
          SegmentLog.ReplicaOutcome.APPENDED, other.appendReplica(ByteBuffer.wrap(records.get(0))));
      assertEquals(
          SegmentLog.ReplicaOutcome.DUPLICATE,
          other.appendReplica(ByteBuffer.wrap(records.get(0))));
      other.append(List.of(write(3, 3, 3, 3)), EPOCH, 3);
      assertEquals(
          SegmentLog.ReplicaOutcome.DIVERGED, other.appendReplica(ByteBuffer.wrap(records.get(2))));
      assertEquals(2, other.last().lsn());
    }
  }

  @Test
  void anAppendThatHasNotArrivedWholeIsInvisibleAndIsDropped() throws IOException {
    start();
    appendWrites(1, 100);
    log.append(List.of(write(1, 0, 10, 1), write(2, 0, 10, 2), write(3, 0, 10, 3)), EPOCH, 7);
    driver.write();
    List<byte[]> records = driver.records(1, 4);
    SegmentLog replica = store.create("replica", LogPosition.START);
    LogDriver replicaDriver = new LogDriver(replica);
    for (byte[] record : records.subList(0, 3)) {
      replica.appendReplica(ByteBuffer.wrap(record));
    }
    assertEquals(3, replica.last().lsn());
    replica.requestForce();
    replicaDriver.until("forced", () -> replica.forced() == 1);
    replicaDriver.pass(20_000_000);
    assertEquals(1, replica.appended());
    assertThrows(
        IllegalStateException.class, () -> replica.append(List.of(write(3, 3, 3, 3)), EPOCH, 3));
    try (LogCursor cursor = replica.cursor(1)) {
      replicaDriver.next(cursor);
      assertNull(cursor.next());
    }
    replica.close();
    try (SegmentLog again = store.open("replica")) {
      assertEquals(1, again.last().lsn());
      assertEquals(2, again.recovery().droppedRecords());
      for (byte[] record : records.subList(1, 4)) {
        assertEquals(
            SegmentLog.ReplicaOutcome.APPENDED, again.appendReplica(ByteBuffer.wrap(record)));
      }
      new LogDriver(again).force();
      assertEquals(log.last(), again.last());
    }
  }
}

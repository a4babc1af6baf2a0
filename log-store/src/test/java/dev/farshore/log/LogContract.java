package dev.farshore.log;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A log of a store, and what the tests of the contract do with it. */
abstract class LogContract {

  static final Epoch EPOCH = new Epoch(1, 1);
  static final long GROUP = StoreUnderTest.GROUP;

  StoreUnderTest store;
  SegmentLog log;
  LogDriver driver;

  abstract StoreUnderTest store() throws IOException;

  @BeforeEach
  void openStore() throws IOException {
    store = store();
  }

  @AfterEach
  void closeLog() throws IOException {
    if (log != null) {
      log.close();
    }
    store.close();
  }

  void start() throws IOException {
    use(store.create("log", LogPosition.START));
  }

  void use(SegmentLog opened) {
    log = opened;
    driver = new LogDriver(opened);
  }

  void reopen() throws IOException {
    log.close();
    use(store.open("log"));
  }

  void die() throws IOException {
    use(store.openAfterDeath("log"));
  }

  static Change.Write write(int volume, long offset, int length, long seed) {
    return new Change.Write(volume, offset, ByteBuffer.wrap(bytes(length, seed)));
  }

  static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new SplittableRandom(seed).nextBytes(bytes);
    return bytes;
  }

  static RecordView view(byte[] record) {
    return new RecordView().wrap(ByteBuffer.wrap(record));
  }

  void appendWrites(int count, int length) throws IOException {
    for (int i = 0; i < count; i++) {
      long lsn = log.last().lsn() + 1;
      log.append(List.of(write(1, lsn * 4096, length, lsn)), EPOCH, lsn);
    }
  }

  void requireWrites(long from, long to, int length) throws IOException {
    long lsn = from;
    for (byte[] record : driver.records(from, to)) {
      assertEquals(write(1, lsn * 4096, length, lsn), view(record).change(), "lsn " + lsn);
      assertEquals(lsn, view(record).wallMillis());
      lsn++;
    }
  }
}

package dev.farshore.tests.sim;

import dev.farshore.log.LogCursor;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.group.VolumeInfo;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/** Reads everything that a store holds, and compares it with the model (invariants L5, M1, N4). */
final class Verifier {

  private final String site;
  private final Disk disk;
  private final GroupStore store;
  private final LogModel model;

  Verifier(String site, Disk disk, GroupStore store, LogModel model) {
    this.site = site;
    this.disk = disk;
    this.store = store;
    this.model = model;
  }

  /**
   * @throws IOException if something cannot be read
   */
  void verify() throws IOException {
    verifyVolumes();
    verifyLog();
  }

  private void verifyVolumes() throws IOException {
    long lsn = model.lastLsn();
    List<VolumeInfo> expected = model.volumesAt(lsn);
    Violation.unless(
        store.volumes().equals(expected),
        "M1",
        () -> site + " has the volumes " + store.volumes() + ", not " + expected);
    for (VolumeInfo volume : expected) {
      ByteBuffer bytes = ByteBuffer.allocate((int) volume.sizeBytes());
      read(volume, bytes);
      VolumeHistory history = model.volume(volume.volume());
      int cells = (int) (volume.sizeBytes() / model.cells().bytes());
      for (int cell = 0; cell < cells; cell++) {
        verifyCell(volume, history, bytes, cell, lsn);
      }
    }
  }

  private void verifyCell(
      VolumeInfo volume, VolumeHistory history, ByteBuffer bytes, int cell, long lsn) {
    long value = model.cells().valueAt(bytes, cell * model.cells().bytes(), cell);
    Violation.unless(
        history.heldBetween(cell, value, lsn, lsn),
        "M1",
        () ->
            String.format(
                "%s: cell %d of %s holds %d, not %d, at lsn %d, folded %s",
                site, cell, volume, value, history.valueAt(cell, lsn), lsn, store.folded()));
  }

  private void read(VolumeInfo volume, ByteBuffer bytes) throws IOException {
    Awaited read = new Awaited();
    store.read(volume.volume(), 0, bytes.duplicate(), read);
    read.join(disk);
  }

  /** A read that somebody waits for. */
  private static final class Awaited implements Completion {
    private boolean done;
    private IOException failure;

    @Override
    public void done() {
      done = true;
    }

    @Override
    public void failed(IOException cause) {
      failure = cause;
    }

    void join(Disk disk) throws IOException {
      while (!done && failure == null) {
        if (disk.await() == 0) {
          throw new Violation("L5: a read never ends");
        }
      }
      if (failure != null) {
        throw new IOException("read failed", failure);
      }
    }
  }

  private void verifyLog() throws IOException {
    long first = Math.max(store.log().first(), model.start().lsn() + 1);
    RecordView view = new RecordView();
    try (LogCursor cursor = store.log().cursor(first)) {
      for (long lsn = first; lsn <= store.log().appended(); lsn++) {
        verifyRecord(lsn, view.wrap(next(cursor)));
      }
    }
  }

  private void verifyRecord(long lsn, RecordView view) {
    Violation.unless(
        view.verifyHeader() && view.verifyPayload(), "L5", () -> site + ": bad record " + lsn);
    LogEntry entry = new LogEntry(view.end(), view.change(), view.lastOfAppend());
    Violation.unless(
        entry.sameAs(model.at(lsn)), "L2", () -> site + ": another record " + lsn + ": " + entry);
    Violation.unless(
        view.chainAfter(model.positionAt(lsn - 1).chain()).equals(view.chain()),
        "L1",
        () -> site + ": the chain breaks at " + lsn);
  }

  private ByteBuffer next(LogCursor cursor) throws IOException {
    ByteBuffer bytes = cursor.next();
    while (bytes == null) {
      if (disk.await() == 0) {
        throw new Violation("L2: record " + cursor.lsn() + " of " + site + " never comes");
      }
      bytes = cursor.next();
    }
    return bytes;
  }
}

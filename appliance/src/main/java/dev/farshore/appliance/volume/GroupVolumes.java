package dev.farshore.appliance.volume;

import dev.farshore.appliance.export.Export;
import dev.farshore.appliance.export.Export.Failure;
import dev.farshore.appliance.export.Export.Reply;
import dev.farshore.appliance.export.ExportDirectory;
import dev.farshore.appliance.volume.WriteAdmission.Granted;
import dev.farshore.appliance.volume.WriteAdmission.Held;
import dev.farshore.appliance.volume.WriteAdmission.Refused;
import dev.farshore.log.disk.DiskFullException;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.group.VolumeInfo;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The client side of a group that this site leads: its volumes as writable exports. A change is
 * appended once {@link WriteAdmission} grants it, and answered once {@link AckGate} releases its
 * LSN.
 *
 * <p>Who drives the store is told through {@code wake} that there is work: it polls the store and
 * then advances the gate. When the store fails, the driver fails the gate. It also answers for
 * {@link #lostLsn}: a read that needs it waits until {@link #readAgain} or {@link #giveUpReads}.
 *
 * <p>Owned by the group's thread.
 */
public final class GroupVolumes implements ExportDirectory {

  private record Waiting(
      VolumeInfo volume, Change change, long bytes, boolean forced, Reply reply) {}

  private final GroupStore store;
  private final WriteAdmission admission;
  private final AckGate gate;
  private final LongSupplier wallMillis;
  private final Runnable wake;
  private final LostReads reads;
  private final ArrayDeque<Waiting> held = new ArrayDeque<>();
  private long heldBytes;

  /**
   * @param wallMillis wall-clock time for the records' stamps, milliseconds since 1970
   * @param wake called after each append and each flush, and when a read begins to wait; may come
   *     many times in a row
   */
  public GroupVolumes(
      GroupStore store,
      WriteAdmission admission,
      AckGate gate,
      LongSupplier wallMillis,
      Runnable wake) {
    this.store = store;
    this.admission = admission;
    this.gate = gate;
    this.wallMillis = wallMillis;
    this.wake = wake;
    this.reads = new LostReads(store, this::serves, wake);
  }

  @Override
  public List<String> names() {
    return store.volumes().stream().map(VolumeInfo::name).toList();
  }

  /** {@inheritDoc} The default export is the group's volume when it has only one. */
  @Override
  public Optional<Export> open(String name) {
    return VolumeNames.find(store.volumes(), name).map(volume -> new VolumeExport(this, volume));
  }

  /**
   * Asks {@link WriteAdmission} again for what it held back, in order, until it holds back again.
   */
  public void admissionChanged() {
    for (int left = held.size(); left > 0; left--) {
      Waiting next = held.peekFirst();
      switch (admission.admit(next.bytes)) {
        case Held() -> {
          return;
        }
        case Granted(Epoch epoch) -> {
          unhold();
          append(next, epoch);
        }
        case Refused(Failure failure, String reason) -> {
          unhold();
          next.reply.failed(failure, reason);
        }
      }
    }
  }

  /** Changes that wait for admission. */
  public int heldChanges() {
    return held.size();
  }

  /** Bytes of payload that wait for admission. */
  public long heldBytes() {
    return heldBytes;
  }

  /** The record that a client's read waits for, as this site's disk has lost it. */
  public Optional<Long> lostLsn() {
    return reads.lostLsn();
  }

  /** Reads that wait for records which this site's disk has lost. */
  public int waitingReads() {
    return reads.waiting();
  }

  /** What was lost is in the store again: does the reads again that wait. */
  public void readAgain() {
    reads.again();
  }

  /** What is lost cannot be had: the reads that wait fail. */
  public void giveUpReads() {
    reads.giveUp();
  }

  GroupStore store() {
    return store;
  }

  void read(VolumeInfo volume, long offset, ByteBuffer target, Reply reply) {
    reads.read(volume, offset, target, reply);
  }

  /**
   * Whether the volume is still there as it was when a client opened it, and as long: a client
   * never sees a size change.
   */
  boolean serves(VolumeInfo opened) {
    Optional<VolumeInfo> now = store.volume(opened.name());
    return now.isPresent()
        && now.get().volume() == opened.volume()
        && now.get().sizeBytes() >= opened.sizeBytes();
  }

  /** Takes a change of an open volume, whose range lies inside the volume. */
  void submit(VolumeInfo volume, Change change, long bytes, boolean forced, Reply reply) {
    Waiting entry = new Waiting(volume, change, bytes, forced, reply);
    if (!held.isEmpty()) {
      hold(entry);
      return;
    }
    switch (admission.admit(bytes)) {
      case Granted(Epoch epoch) -> append(entry, epoch);
      case Held() -> hold(entry);
      case Refused(Failure failure, String reason) -> reply.failed(failure, reason);
    }
  }

  /**
   * Answers when everything appended so far is forced, and acknowledgeable in the group's mode.
   * Changes that are held back were not answered, so it does not wait for them.
   */
  void flush(Reply reply) {
    if (admission.admit(0) instanceof Refused(Failure failure, String reason)) {
      reply.failed(failure, reason);
      return;
    }
    Optional<IOException> failure = store.failure();
    if (failure.isPresent()) {
      reply.failed(Failure.IO, reason(failure.get()));
      return;
    }
    store.log().requestForce();
    gate.await(store.log().last().lsn(), true, reply);
    wake.run();
  }

  private void append(Waiting entry, Epoch epoch) {
    if (!serves(entry.volume)) {
      entry.reply.failed(Failure.SHUTTING_DOWN, gone(entry.volume));
      return;
    }
    long lsn;
    try {
      lsn = store.append(List.of(entry.change), epoch, wallMillis.getAsLong());
    } catch (DiskFullException full) {
      entry.reply.failed(Failure.NO_SPACE, reason(full));
      return;
    } catch (IOException poisoned) {
      entry.reply.failed(Failure.IO, reason(poisoned));
      return;
    }
    if (entry.forced) {
      store.log().requestForce();
    }
    gate.await(lsn, entry.forced, entry.reply);
    wake.run();
  }

  private void hold(Waiting entry) {
    held.addLast(entry);
    heldBytes += entry.bytes;
  }

  private void unhold() {
    heldBytes -= held.removeFirst().bytes;
  }

  static String gone(VolumeInfo volume) {
    return "volume " + volume.name() + " was removed or resized";
  }

  static String reason(IOException cause) {
    return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
  }
}

package dev.farshore.appliance.volume;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.appliance.export.Export;
import dev.farshore.appliance.export.Export.Failure;
import dev.farshore.appliance.export.Export.Reply;
import dev.farshore.appliance.volume.WriteAdmission.Granted;
import dev.farshore.appliance.volume.WriteAdmission.Verdict;
import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.disk.SimulatedDisk;
import dev.farshore.log.disk.SimulatedPlatter;
import dev.farshore.log.file.FileSegmentLogs;
import dev.farshore.log.file.LogSettings;
import dev.farshore.log.group.FoldingGroupStore;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.group.GroupStoreSettings;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;

/** A group's store on a simulated disk, its client side, and a driver in virtual time. */
final class GroupBench {

  static final Epoch EPOCH = new Epoch(1, 1);
  private static final long STEP_NANOS = 50_000;

  /** Keeps what became of a request. */
  static final class Outcome implements Reply {
    private final List<String> events = new ArrayList<>();

    @Override
    public void dataTaken() {
      events.add("taken");
    }

    @Override
    public void done() {
      events.add("done");
    }

    @Override
    public void failed(Failure failure, String reason) {
      events.add(failure + ": " + reason);
    }

    boolean isDone() {
      return events.contains("done");
    }

    boolean isOver() {
      return !events.isEmpty() && !events.getLast().equals("taken");
    }

    String last() {
      return events.isEmpty() ? "" : events.getLast();
    }

    List<String> events() {
      return events;
    }
  }

  final Random random;
  final SimulatedPlatter platter;
  final AckGate gate;
  GroupStore store;
  GroupVolumes volumes;
  Verdict verdict = new Granted(EPOCH);
  int wakes;
  private SimulatedDisk disk;
  private long nowNanos;

  /** LSN up to which a mirror is said to have everything. */
  long mirrored;

  GroupBench(long seed, ReplyPolicy policy) throws IOException {
    random = new Random(seed);
    platter = new SimulatedPlatter(random, DiskTiming.SOLID_STATE);
    gate = new AckGate(policy);
    disk = platter.mount();
    store = FoldingGroupStore.create(disk, logs(), settings(), 0);
    serve();
  }

  private FileSegmentLogs logs() {
    return new FileSegmentLogs(disk, new LogSettings("log", 7, 1 << 20, 1 << 20, 2), random);
  }

  private static GroupStoreSettings settings() {
    return new GroupStoreSettings(256 << 10, Duration.ofMillis(50), 1 << 20);
  }

  private void serve() {
    volumes = new GroupVolumes(store, bytes -> verdict, gate, () -> 1_700_000_000_000L, this::wake);
  }

  private void wake() {
    wakes++;
  }

  /** The power goes off and comes back. */
  void powerCut() throws IOException {
    platter.powerCut();
    disk = platter.mount();
    store = FoldingGroupStore.open(disk, logs(), settings(), nowNanos);
    serve();
  }

  Export create(String name, long bytes) throws IOException {
    append(new Change.VolumeCreate(store.nextVolumeNumber(), name, bytes));
    return volumes.open(name).orElseThrow();
  }

  void append(Change change) throws IOException {
    store.append(List.of(change), EPOCH, 0);
  }

  /** One round of the group's loop. */
  void round() {
    nowNanos += STEP_NANOS;
    store.poll(nowNanos);
    store.allowFold(store.log().forced());
    store.retainFrom(store.log().forced());
    gate.advance(watermarks());
  }

  Watermarks watermarks() {
    long appended = store.log().appended();
    return new Watermarks(appended, store.log().forced(), 0, 0, mirrored, mirrored);
  }

  void until(BooleanSupplier reached) {
    for (int i = 0; i < 200_000 && !reached.getAsBoolean(); i++) {
      round();
    }
    assertTrue(reached.getAsBoolean(), "never came to pass");
  }

  /** Long enough for anything that would happen by itself. */
  void idle() {
    for (int i = 0; i < 4000; i++) {
      round();
    }
  }

  Outcome write(Export export, long offset, byte[] data, boolean forced) {
    Outcome outcome = new Outcome();
    export.write(offset, ByteBuffer.wrap(data), forced, outcome);
    return outcome;
  }

  Outcome flush(Export export) {
    Outcome outcome = new Outcome();
    export.flush(outcome);
    return outcome;
  }

  byte[] read(Export export, long offset, int length) {
    Outcome outcome = new Outcome();
    ByteBuffer target = ByteBuffer.allocate(length);
    export.read(offset, target, outcome);
    until(outcome::isOver);
    assertTrue(outcome.isDone(), outcome.last());
    return target.array();
  }
}

package dev.farshore.log.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.SegmentLogs;
import dev.farshore.log.disk.Awaited;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.disk.SimulatedDisk;
import dev.farshore.log.disk.SimulatedPlatter;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A store on a simulated disk beside a model of it, in virtual time. */
final class StoreWorld {
  static final Epoch EPOCH = new Epoch(1, 1);
  static final long GROUP = 7;

  final SimulatedPlatter platter;
  final Random random;
  final StoreModel model = new StoreModel();
  final ChangeMaker maker;
  final GroupStoreSettings settings;
  SimulatedDisk disk;
  FoldingGroupStore store;
  long now;
  long foldAllowed;
  int interruptedFolds;
  private final TestLogs kind;
  private int readsUnderWay;

  StoreWorld(long seed, DiskTiming timing, int volumeBytesMax) {
    random = new Random(seed);
    kind = seed % 4 == 1 ? TestLogs.PLAIN : TestLogs.FILE;
    platter = new SimulatedPlatter(new Random(~seed), timing);
    maker = new ChangeMaker(random, volumeBytesMax);
    settings =
        new GroupStoreSettings(
            4096L << random.nextInt(6),
            Duration.ofNanos(random.nextInt(3) * 500_000L),
            random.nextBoolean() ? 0 : 1 << 20);
  }

  SegmentLogs logs() {
    return kind.on(disk, random);
  }

  void create() throws IOException {
    disk = platter.mount();
    store = FoldingGroupStore.create(disk, logs(), settings, now);
  }

  void open() throws IOException {
    disk = platter.mount();
    try (SuperblockFile superblock = SuperblockFile.open(disk)) {
      interruptedFolds += superblock.now().intent().isPresent() ? 1 : 0;
    }
    store = FoldingGroupStore.open(disk, logs(), settings, now);
  }

  void close() throws IOException {
    store.close();
    disk.close();
    assertEquals(0, readsUnderWay, "reads that never ended");
  }

  void append() throws IOException {
    List<Change> changes = maker.append(model);
    long lsn = store.append(changes, EPOCH, 0);
    model.append(changes);
    assertEquals(model.lastLsn(), lsn);
  }

  /** Lets the store work for a while. */
  void poll(int times) {
    for (int i = 0; i < times; i++) {
      now += random.nextInt(200_000);
      store.poll(now);
      assertTrue(store.failure().isEmpty(), () -> "failed: " + store.failure().get());
      assertEquals(Optional.empty(), store.foldProgress().stalled(), "the fold rests");
      long limit = Math.min(foldAllowed, store.log().forced());
      assertTrue(store.folded().lsn() <= limit, "folded past the limit");
      assertTrue(model.endsAppend(store.folded().lsn()), "folded up to within an append");
    }
  }

  void allowFold(long lsn) {
    foldAllowed = Math.max(foldAllowed, model.appendEnd(lsn));
    store.allowFold(lsn);
  }

  /** Starts a read of the present volumes; it must give what they hold now. */
  void startRead() {
    if (model.volumes().isEmpty()) {
      return;
    }
    List<Integer> numbers = List.copyOf(model.volumes().keySet());
    int volume = numbers.get(random.nextInt(numbers.size()));
    byte[] bytes = model.volumes().get(volume);
    int offset = random.nextInt(bytes.length + 1);
    int length = random.nextInt(bytes.length - offset + 1);
    byte[] expected = Arrays.copyOfRange(bytes, offset, offset + length);
    ByteBuffer target = ByteBuffer.allocate(length);
    store.read(volume, offset, target, expecting(expected, target));
  }

  Completion expecting(byte[] expected, ByteBuffer target) {
    readsUnderWay++;
    return new Completion() {
      @Override
      public void done() {
        readsUnderWay--;
        assertArrayEquals(expected, target.array());
      }

      @Override
      public void failed(IOException cause) {
        throw new AssertionError("a read failed", cause);
      }
    };
  }

  /** Reads everything and compares it with the model. */
  void checkAll() throws IOException {
    assertEquals(model.infos(), store.volumes());
    for (Map.Entry<Integer, byte[]> volume : model.volumes().entrySet()) {
      ByteBuffer target = ByteBuffer.allocate(volume.getValue().length);
      Awaited read = new Awaited();
      store.read(volume.getKey(), 0, target, read);
      read.join(disk);
      assertArrayEquals(volume.getValue(), target.array(), "volume " + volume.getKey());
      checkExtents(volume.getKey(), volume.getValue());
    }
  }

  private void checkExtents(int volume, byte[] bytes) {
    long at = 0;
    List<Extent> extents = store.extents(volume, 0, bytes.length, 1 << 20);
    for (Extent extent : extents) {
      assertTrue(extent.length() > 0, "an empty extent");
      if (extent.kind() != Extent.Kind.DATA) {
        for (long i = at; i < at + extent.length(); i++) {
          assertEquals(0, bytes[(int) i], "a byte of " + extent + " at " + i);
        }
      }
      at += extent.length();
    }
    assertEquals(bytes.length, at);
  }

  /** After a crash: what was forced is there, and the rest is cut at an append. */
  void recovered(long forcedBefore) throws IOException {
    long last = store.log().last().lsn();
    assertTrue(last >= forcedBefore, "forced up to " + forcedBefore + ", recovered " + last);
    assertTrue(last <= model.lastLsn(), "more than was ever appended");
    assertTrue(model.endsAppend(last), "cut within an append at " + last);
    model.cut(last);
    maker.cutTo(store.nextVolumeNumber() - 1);
    readsUnderWay = 0;
    checkAll();
  }

  /** Works until everything that may be is folded. */
  void settle() {
    store.log().requestForce();
    for (int i = 0; i < 20_000 && store.folded().lsn() < foldAllowed; i++) {
      now += 100_000;
      store.poll(now);
    }
  }

  /** A view of the present, with what it must show. */
  record Pin(PinnedView view, Map<Integer, byte[]> expected) {}

  Pin pin() {
    return new Pin(store.pin(), model.frozen());
  }

  void readPin(Pin pin) {
    for (VolumeInfo info : pin.view().volumes()) {
      byte[] bytes = pin.expected().get(info.volume());
      assertEquals(bytes.length, info.sizeBytes());
      ByteBuffer target = ByteBuffer.allocate(bytes.length);
      pin.view().read(info.volume(), 0, target, expecting(bytes, target));
    }
    assertEquals(
        new ArrayList<>(pin.expected().keySet()),
        pin.view().volumes().stream().map(VolumeInfo::volume).toList());
  }
}

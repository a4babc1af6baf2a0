package dev.farshore.log.group;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.SegmentLog;
import dev.farshore.log.disk.Awaited;
import dev.farshore.log.disk.DiskFaults.Call;
import dev.farshore.log.disk.DiskFaults.PowerLoss;
import dev.farshore.log.disk.DiskTiming;
import dev.farshore.log.group.ImageReplacement.Progress;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A store whose images are replaced by those of another one. */
class ImageReplacementTest {
  private static final int PIECE = 8192;

  /** A site that is copied from: everything folded. */
  private static StoreWorld source(long seed) throws IOException {
    StoreWorld source = new StoreWorld(seed, DiskTiming.SHUFFLED, 50_000);
    source.create();
    for (int i = 0; i < 40; i++) {
      source.append();
      source.poll(3);
    }
    source.allowFold(source.model.lastLsn());
    source.settle();
    assertEquals(source.model.lastLsn(), source.store.folded().lsn());
    return source;
  }

  /** Another site, with a history of its own. */
  private static StoreWorld target(long seed) throws IOException {
    StoreWorld target = new StoreWorld(1000 + seed, DiskTiming.SHUFFLED, 50_000);
    target.create();
    for (int i = 0; i < 12; i++) {
      target.append();
    }
    target.allowFold(target.model.lastLsn() / 2);
    target.store.log().requestForce();
    target.poll(60);
    return target;
  }

  /** What the source has, to be copied into any number of targets. */
  private record Copy(LogPosition at, List<VolumeInfo> volumes, Map<Integer, byte[]> bytes) {
    static Copy of(StoreWorld source) {
      return new Copy(source.store.folded(), source.store.volumes(), source.model.frozen());
    }

    private boolean isHole(int volume, int from, int to) {
      byte[] bytes = bytes().get(volume);
      for (int i = from; i < to; i++) {
        if (bytes[i] != 0) {
          return false;
        }
      }
      return true;
    }

    /** Copies everything from where the replacement stands. */
    void into(ImageReplacement replacement, StoreWorld target) throws IOException {
      Progress from = replacement.progress();
      int pieces = 0;
      for (VolumeInfo info : volumes) {
        if (info.volume() < from.volume()) {
          continue;
        }
        long start = info.volume() == from.volume() ? from.offset() : 0;
        for (long at = start; at < info.sizeBytes(); at += PIECE) {
          int length = (int) Math.min(PIECE, info.sizeBytes() - at);
          if (!isHole(info.volume(), (int) at, (int) at + length)) {
            Awaited written = new Awaited();
            ByteBuffer piece = ByteBuffer.wrap(bytes.get(info.volume()), (int) at, length);
            replacement.write(info.volume(), at, piece, written);
            written.join(target.disk);
          }
          if (++pieces % 3 == 0) {
            advance(replacement, target, new Progress(info.volume(), at + length));
          }
        }
      }
    }

    private static void advance(ImageReplacement replacement, StoreWorld target, Progress to)
        throws IOException {
      Awaited advanced = new Awaited();
      replacement.advance(to, advanced);
      advanced.join(target.disk);
      assertEquals(to, replacement.progress());
    }

    void check(StoreWorld target) throws IOException {
      assertEquals(volumes, target.store.volumes());
      for (VolumeInfo info : volumes) {
        ByteBuffer read = ByteBuffer.allocate((int) info.sizeBytes());
        Awaited done = new Awaited();
        target.store.read(info.volume(), 0, read, done);
        done.join(target.disk);
        assertArrayEquals(bytes.get(info.volume()), read.array());
      }
      assertEquals(at, target.store.folded());
      assertEquals(at, target.store.log().last());
      assertEquals(at.lsn() + 1, target.store.log().first());
    }
  }

  private static ImageReplacement receive(StoreWorld target, Copy copy) throws IOException {
    return target.store.receiveImages(copy.at(), copy.volumes());
  }

  private static boolean isNew(StoreWorld target, Copy copy) {
    return target.store.folded().equals(copy.at());
  }

  @Test
  void keepsTheOldImagesInServiceUntilTheCommit() throws IOException {
    Copy copy = Copy.of(source(1));
    StoreWorld target = target(1);
    PinnedView view = target.store.pin();
    try (ImageReplacement replacement = receive(target, copy)) {
      copy.into(replacement, target);
      target.append();
      target.allowFold(target.model.lastLsn());
      target.settle();
      target.checkAll();
      replacement.commit("replaced-7");
    }
    copy.check(target);
    Awaited read = new Awaited();
    view.read(view.volumes().get(0).volume(), 0, ByteBuffer.allocate(1), read);
    assertThrows(IOException.class, () -> read.join(target.disk));
    assertTrue(target.platter.names().stream().anyMatch(name -> name.startsWith("replaced-7")));
    assertFalse(target.platter.names().contains(ReplacementState.FILE));
    target.close();
    target.open();
    copy.check(target);
  }

  @Test
  void keepsEveryOldLogEvenIfTheyAreToHaveOneName() throws IOException {
    StoreWorld source = source(2);
    StoreWorld target = target(2);
    List<LogPosition> ends = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      Copy copy = Copy.of(source);
      ends.add(target.store.log().last());
      try (ImageReplacement replacement = receive(target, copy)) {
        copy.into(replacement, target);
        replacement.commit("replaced");
      }
      target.store.append(List.of(new Change.Mark("round " + round)), StoreWorld.EPOCH, 0);
      source.append();
      source.allowFold(source.model.lastLsn());
      source.settle();
    }
    for (int round = 0; round < 3; round++) {
      String name = round == 0 ? "replaced" : "replaced~" + (round + 1);
      SegmentLog old = target.logs().open(name);
      assertEquals(ends.get(round), old.last());
      old.close();
    }
    target.store.close();
  }

  @Test
  void followsTheOtherSitesLogAfterTheCommit() throws IOException {
    StoreWorld source = source(2);
    Copy copy = Copy.of(source);
    StoreWorld target = target(2);
    try (ImageReplacement replacement = receive(target, copy)) {
      copy.into(replacement, target);
      replacement.commit("replaced-2");
    }
    for (int i = 0; i < 30; i++) {
      source.append();
    }
    while (source.store.log().appended() < source.model.lastLsn()) {
      source.poll(1);
    }
    try (var cursor = source.store.log().cursor(copy.at().lsn() + 1)) {
      while (cursor.lsn() <= source.store.log().appended()) {
        ByteBuffer record = cursor.next();
        assertEquals("APPENDED", target.store.appendReplica(record).name());
      }
    }
    target.model.cut(0);
    assertEquals(source.store.log().appended(), target.store.log().last().lsn());
    target.allowFold(source.store.log().appended());
    target.store.allowFold(source.store.log().appended());
    target.settle();
    for (VolumeInfo info : source.store.volumes()) {
      ByteBuffer read = ByteBuffer.allocate((int) info.sizeBytes());
      Awaited done = new Awaited();
      target.store.read(info.volume(), 0, read, done);
      done.join(target.disk);
      assertArrayEquals(source.model.volumes().get(info.volume()), read.array());
    }
  }

  /** The power is lost at every call in turn, then at a call of the opening after it. */
  @Test
  void leavesOldOrNewAfterAPowerCutAtEveryCall() throws IOException {
    int olds = 0;
    int news = 0;
    int resumed = 0;
    for (long seed = 1; seed <= 2; seed++) {
      Copy copy = Copy.of(source(seed));
      for (long call = 1; ; call++) {
        StoreWorld target = target(seed);
        long forced = target.store.log().forced();
        target.platter.faults().losePowerAt(call);
        boolean committed = false;
        try {
          // Not closed: a process that has lost its power closes nothing.
          ImageReplacement replacement = receive(target, copy);
          copy.into(replacement, target);
          replacement.commit("replaced");
          committed = true;
        } catch (PowerLoss expected) {
          // The loop ends when the call was never reached.
        }
        target.platter.powerCut();
        target.platter.faults().losePowerAt(1 + call % 30);
        try {
          target.open();
          target.platter.faults().heal();
        } catch (PowerLoss again) {
          // Once more.
        }
        target.platter.powerCut();
        target.open();
        if (isNew(target, copy)) {
          news++;
          copy.check(target);
        } else {
          olds++;
          assertFalse(committed);
          target.recovered(forced);
          resumed += resume(target, copy) ? 1 : 0;
        }
        target.close();
        if (committed) {
          break;
        }
      }
    }
    assertTrue(olds > 50 && news > 2 && resumed > 10, olds + ", " + news + ", " + resumed);
  }

  /** Whether it had come somewhere before. */
  private static boolean resume(StoreWorld target, Copy copy) throws IOException {
    boolean some;
    try (ImageReplacement replacement = receive(target, copy)) {
      Progress first = new Progress(copy.volumes().get(0).volume(), 0);
      some = !replacement.progress().equals(first);
      copy.into(replacement, target);
      replacement.commit("replaced");
    }
    copy.check(target);
    return some;
  }

  @Test
  void leavesOldOrNewAfterAnyOneCallHasFailed() throws IOException {
    Copy copy = Copy.of(source(3));
    for (long call = 1; ; call++) {
      StoreWorld target = target(3);
      long forced = target.store.log().forced();
      target.platter.faults().failOnce(EnumSet.allOf(Call.class), call);
      boolean committed = false;
      try (ImageReplacement replacement = receive(target, copy)) {
        copy.into(replacement, target);
        replacement.commit("replaced");
        committed = true;
      } catch (IOException failed) {
        assertEquals(1, target.platter.faults().failures());
      }
      boolean over = target.platter.faults().failures() == 0;
      target.platter.faults().heal();
      target.platter.dropCaches();
      target.platter.powerCut();
      target.open();
      if (isNew(target, copy)) {
        copy.check(target);
      } else {
        assertFalse(committed);
        target.recovered(forced);
        resume(target, copy);
      }
      target.close();
      if (over) {
        break;
      }
    }
  }

  @Test
  void startsAfreshForOtherImagesAndForgetsAnAbandonedOne() throws IOException {
    Copy copy = Copy.of(source(4));
    StoreWorld source = source(5);
    Copy other = Copy.of(source);
    StoreWorld target = target(4);
    try (ImageReplacement replacement = receive(target, copy)) {
      copy.into(replacement, target);
    }
    try (ImageReplacement replacement = receive(target, other)) {
      assertEquals(0, replacement.progress().offset());
      replacement.abandon();
    }
    assertTrue(
        target.platter.names().stream().noneMatch(name -> name.contains(".g2.")),
        () -> "left: " + target.platter.names());
    try (ImageReplacement replacement = receive(target, other)) {
      other.into(replacement, target);
      replacement.commit("replaced");
    }
    other.check(target);
  }

  @Test
  void refusesWhatIsNotWholeBlocksInAVolume() throws IOException {
    Copy copy = Copy.of(source(6));
    StoreWorld target = target(6);
    VolumeInfo info = copy.volumes().get(0);
    try (ImageReplacement replacement = receive(target, copy)) {
      Awaited unused = new Awaited();
      for (long[] bad :
          new long[][] {{1, 4096}, {0, 100}, {info.sizeBytes(), 4096}, {-4096, 4096}}) {
        ByteBuffer data = ByteBuffer.allocate((int) bad[1]);
        assertThrows(
            IllegalArgumentException.class,
            () -> replacement.write(info.volume(), bad[0], data, unused));
      }
      assertThrows(
          IllegalArgumentException.class,
          () -> replacement.write(999, 0, ByteBuffer.allocate(4096), unused));
      assertThrows(IllegalStateException.class, () -> receive(target, copy));
    }
  }
}

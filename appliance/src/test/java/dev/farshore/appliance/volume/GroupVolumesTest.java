package dev.farshore.appliance.volume;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.appliance.export.Export;
import dev.farshore.appliance.export.Export.Failure;
import dev.farshore.appliance.volume.GroupBench.Outcome;
import dev.farshore.appliance.volume.WriteAdmission.Granted;
import dev.farshore.appliance.volume.WriteAdmission.Held;
import dev.farshore.appliance.volume.WriteAdmission.Refused;
import dev.farshore.log.disk.DiskFaults.Call;
import dev.farshore.log.group.Extent;
import dev.farshore.log.record.Change;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Volumes as exports, over a real store on a simulated disk. */
class GroupVolumesTest {

  private static final long SIZE = 1 << 20;

  private static GroupBench local() throws IOException {
    return new GroupBench(1, Watermarks::appended);
  }

  private static GroupBench remote() throws IOException {
    return new GroupBench(2, Watermarks::mirrored);
  }

  private static byte[] filled(int length, int value) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }

  @Test
  void answersAWriteWhenItIsAppendedAndReadsItAtOnce() throws IOException {
    GroupBench bench = local();
    Export export = bench.create("v", SIZE);
    Outcome outcome = bench.write(export, 77, filled(1000, 5), false);
    assertEquals(List.of(), outcome.events());
    assertArrayEquals(filled(1000, 5), bench.read(export, 77, 1000));
    bench.until(outcome::isDone);
    assertEquals(List.of("done"), outcome.events());
    assertTrue(bench.wakes > 0);
  }

  @Test
  void answersAForcedWriteWhenItIsForced() throws IOException {
    GroupBench bench = local();
    Export export = bench.create("v", SIZE);
    Outcome outcome = bench.write(export, 0, filled(512, 5), true);
    while (!outcome.isDone()) {
      assertTrue(bench.store.log().forced() < bench.store.log().last().lsn());
      bench.round();
    }
    assertEquals(bench.store.log().last().lsn(), bench.store.log().forced());
  }

  @Test
  void aFlushWaitsForEverythingBeforeItOnAnyConnection() throws IOException {
    GroupBench bench = local();
    Export first = bench.create("v", SIZE);
    Export second = bench.volumes.open("v").orElseThrow();
    Outcome write = bench.write(first, 0, filled(512, 5), false);
    bench.until(write::isDone);
    long lsn = bench.store.log().last().lsn();
    Outcome flush = bench.flush(second);
    bench.until(flush::isDone);
    assertTrue(bench.store.log().forced() >= lsn);
    bench.powerCut();
    Export again = bench.volumes.open("v").orElseThrow();
    assertArrayEquals(filled(512, 5), bench.read(again, 0, 512));
  }

  @Test
  void aFlushOfNothingNewIsAnsweredToo() throws IOException {
    GroupBench bench = local();
    Export export = bench.create("v", SIZE);
    bench.until(bench.flush(export)::isDone);
    Outcome again = bench.flush(export);
    bench.until(again::isDone);
  }

  @Test
  void remoteRepliesWaitForTheMirrorButTheirMemoryDoesNot() throws IOException {
    GroupBench bench = remote();
    Export export = bench.create("v", SIZE);
    Outcome write = bench.write(export, 0, filled(512, 5), false);
    Outcome flush = bench.flush(export);
    bench.idle();
    assertEquals(List.of("taken"), write.events());
    assertFalse(flush.isDone());
    bench.mirrored = bench.store.log().last().lsn();
    bench.round();
    assertEquals("done", write.last());
    assertTrue(flush.isDone());
  }

  @Test
  void holdsChangesBackInOrderAndLetsThemGoInOrder() throws IOException {
    GroupBench bench = local();
    Export export = bench.create("v", SIZE);
    bench.verdict = new Held();
    Outcome first = bench.write(export, 0, filled(600, 1), false);
    Outcome second = bench.write(export, 0, filled(600, 2), true);
    assertEquals(2, bench.volumes.heldChanges());
    assertEquals(1200, bench.volumes.heldBytes());
    bench.volumes.admissionChanged();
    bench.idle();
    assertEquals(List.of(), first.events());
    assertArrayEquals(filled(600, 0), bench.read(export, 0, 600));
    bench.verdict = new Granted(GroupBench.EPOCH);
    Outcome third = bench.write(export, 0, filled(600, 3), false);
    assertEquals(3, bench.volumes.heldChanges(), "nobody passes those who wait");
    bench.volumes.admissionChanged();
    bench.until(() -> first.isDone() && second.isDone() && third.isDone());
    assertEquals(0, bench.volumes.heldBytes());
    assertArrayEquals(filled(600, 3), bench.read(export, 0, 600));
  }

  @Test
  void flushesAreNotHeldBackByChangesThatAre() throws IOException {
    GroupBench bench = local();
    Export export = bench.create("v", SIZE);
    bench.verdict = new Held();
    bench.write(export, 0, filled(600, 1), false);
    bench.until(bench.flush(export)::isDone);
  }

  @Test
  void refusesEverythingOfAFencedGroup() throws IOException {
    GroupBench bench = local();
    Export export = bench.create("v", SIZE);
    bench.verdict = new Held();
    Outcome held = bench.write(export, 0, filled(600, 1), false);
    bench.verdict = new Refused(Failure.SHUTTING_DOWN, "another site leads");
    bench.volumes.admissionChanged();
    Outcome zero = new Outcome();
    export.zero(0, 512, true, false, zero);
    Outcome flush = bench.flush(export);
    for (Outcome each : List.of(held, zero, flush)) {
      assertEquals(List.of("SHUTTING_DOWN: another site leads"), each.events());
    }
    assertArrayEquals(filled(600, 0), bench.read(export, 0, 600));
  }

  @Test
  void aFailedForceIsToldAndNothingIsAcknowledgedAfterIt() throws IOException {
    GroupBench bench = local();
    Export export = bench.create("v", SIZE);
    bench.until(bench.flush(export)::isDone);
    bench.platter.faults().failOnce(EnumSet.of(Call.FORCE), 1);
    Outcome forced = bench.write(export, 0, filled(600, 1), true);
    bench.until(() -> bench.store.failure().isPresent());
    bench.idle();
    assertFalse(forced.isDone());
    bench.gate.failAll(Failure.IO, "the store has failed");
    assertEquals("IO: the store has failed", forced.last());
    Outcome write = bench.write(export, 0, filled(600, 1), false);
    Outcome flush = bench.flush(export);
    bench.idle();
    assertTrue(write.last().startsWith("IO: "), write.last());
    assertTrue(flush.last().startsWith("IO: "), flush.last());
  }

  @Test
  void aFullDiskIsToldAsNoSpaceAndPasses() throws IOException {
    GroupBench bench = local();
    Export export = bench.create("v", SIZE);
    bench.until(bench.flush(export)::isDone);
    bench.platter.setCapacity(0);
    List<Outcome> all = new ArrayList<>();
    while (all.isEmpty() || !all.getLast().last().startsWith("NO_SPACE")) {
      all.add(bench.write(export, 0, filled(64 << 10, 1), false));
      bench.round();
      assertTrue(all.size() < 1000, "never full");
    }
    bench.platter.setCapacity(Long.MAX_VALUE);
    bench.idle();
    for (Outcome each : all) {
      assertTrue(each.isDone() || each.last().startsWith("NO_SPACE"), each.last());
    }
    bench.until(bench.write(export, 0, filled(512, 2), true)::isDone);
  }

  @Test
  void aVolumeThatIsGoneOrShorterIsNotServedToThoseWhoOpenedItBefore() throws IOException {
    GroupBench bench = local();
    Export removed = bench.create("removed", SIZE);
    Export shorter = bench.create("shorter", SIZE);
    Export longer = bench.create("longer", SIZE);
    bench.append(new Change.VolumeRemove(bench.store.volume("removed").orElseThrow().volume()));
    bench.create("removed", SIZE);
    int number = bench.store.volume("shorter").orElseThrow().volume();
    bench.append(new Change.VolumeResize(number, SIZE / 2));
    number = bench.store.volume("longer").orElseThrow().volume();
    bench.append(new Change.VolumeResize(number, SIZE * 2));
    for (Export gone : List.of(removed, shorter)) {
      Outcome write = bench.write(gone, SIZE - 512, filled(512, 1), false);
      Outcome read = new Outcome();
      gone.read(SIZE - 512, java.nio.ByteBuffer.allocate(512), read);
      assertTrue(write.last().startsWith("SHUTTING_DOWN"), write.last());
      assertTrue(read.last().startsWith("SHUTTING_DOWN"), read.last());
    }
    bench.until(bench.write(longer, SIZE - 512, filled(512, 1), false)::isDone);
    assertEquals(SIZE, longer.sizeBytes());
    assertEquals(2 * SIZE, bench.volumes.open("longer").orElseThrow().sizeBytes());
  }

  @Test
  void knowsItsVolumesByNameAndTheOnlyOneAsTheDefault() throws IOException {
    GroupBench bench = local();
    assertTrue(bench.volumes.open("").isEmpty());
    bench.create("a", SIZE);
    assertEquals("a", bench.volumes.open("").orElseThrow().name());
    bench.create("b", SIZE);
    assertTrue(bench.volumes.open("").isEmpty());
    assertTrue(bench.volumes.open("c").isEmpty());
    assertEquals(List.of("a", "b"), bench.volumes.names());
    assertTrue(bench.volumes.open("b").orElseThrow().manyConnections());
  }

  @Test
  void zerosAndTrimsReadAsZerosAndTellHoles() throws IOException {
    GroupBench bench = local();
    Export export = bench.create("v", SIZE);
    bench.write(export, 0, filled(65536, 9), false);
    Outcome zero = new Outcome();
    Outcome trim = new Outcome();
    export.zero(4096, 4096, false, false, zero);
    export.trim(8192, 4096, true, trim);
    bench.until(() -> zero.isDone() && trim.isDone());
    assertArrayEquals(new byte[8192], bench.read(export, 4096, 8192));
    assertFalse(export.readOnly());
    Outcome cache = new Outcome();
    export.cache(0, SIZE, cache);
    assertTrue(cache.isDone());
    assertEquals(
        List.of(
            new Extent(4096, Extent.Kind.DATA),
            new Extent(4096, Extent.Kind.ZERO),
            new Extent(4096, Extent.Kind.HOLE),
            new Extent(53248, Extent.Kind.DATA),
            new Extent(SIZE - 65536, Extent.Kind.HOLE)),
        extents(export));
  }

  private static List<Extent> extents(Export export) {
    List<Extent> extents = new ArrayList<>();
    export.extents(
        0,
        export.sizeBytes(),
        10,
        new Export.ExtentsReply() {
          @Override
          public void done(List<Extent> told) {
            extents.addAll(told);
          }

          @Override
          public void failed(Failure failure, String reason) {
            throw new AssertionError(reason);
          }
        });
    return extents;
  }

  @Test
  void aMirrorsConnectionSeesOneLsnForItsLife() throws IOException {
    GroupBench bench = local();
    Export writable = bench.create("v", SIZE);
    bench.until(bench.write(writable, 0, filled(512, 1), true)::isDone);
    MirrorVolumes mirror = new MirrorVolumes(bench.store);
    Export early = mirror.open("v").orElseThrow();
    bench.until(bench.write(writable, 0, filled(512, 2), true)::isDone);
    bench.idle();
    Export late = mirror.open("").orElseThrow();
    assertArrayEquals(filled(512, 1), bench.read(early, 0, 512));
    assertArrayEquals(filled(512, 2), bench.read(late, 0, 512));
    assertTrue(early.readOnly());
    assertFalse(early.manyConnections(), "another connection may see another LSN");
    assertEquals("mirror, as of LSN 2", early.description());
    Outcome write = bench.write(early, 0, filled(512, 3), false);
    assertTrue(write.last().startsWith("PERMISSION"), write.last());
    Outcome zero = new Outcome();
    early.zero(0, 512, true, false, zero);
    assertTrue(zero.last().startsWith("PERMISSION"), zero.last());
    Outcome trim = new Outcome();
    early.trim(0, 512, false, trim);
    assertTrue(trim.last().startsWith("PERMISSION"), trim.last());
    Outcome cache = new Outcome();
    early.cache(0, 512, cache);
    assertTrue(cache.isDone());
    assertTrue(bench.flush(early).isDone());
    assertEquals(
        List.of(new Extent(4096, Extent.Kind.DATA), new Extent(SIZE - 4096, Extent.Kind.HOLE)),
        extents(early));
    early.close();
    late.close();
    long last = bench.store.log().last().lsn();
    bench.store.allowFold(last);
    bench.until(() -> bench.store.folded().lsn() == last);
    assertTrue(mirror.open("nobody").isEmpty());
    assertEquals(List.of("v"), mirror.names());
  }
}

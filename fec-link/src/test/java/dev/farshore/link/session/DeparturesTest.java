package dev.farshore.link.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.code.CodingGroup;
import dev.farshore.link.code.Layer;
import dev.farshore.link.code.LayerEncoder;
import dev.farshore.link.packet.ErasureCode;
import dev.farshore.link.session.Departures.Data;
import dev.farshore.link.session.Departures.Finding;
import dev.farshore.link.session.Departures.Repair;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** When a datagram counts as gone, and what a refusal that comes late takes back. */
class DeparturesTest {

  private static final long US = 1_000;
  private static final int BYTES = 100;

  private final Wire wire = new Wire(0, 1000, Wire.perfect(0), Wire.perfect(0));
  private final Wire.End port = wire.sending;
  private final SentPackets packets = new SentPackets(64, 0);
  private final Coverage coverage = new Coverage(packets, 1, 128);
  private Departures departures;

  private void start(long queuedBytes) {
    port.queuedBytes = queuedBytes;
    departures = new Departures(port, packets, coverage, 0);
  }

  private void hand(Departures.Followed what, long nowNanos) {
    port.send(wire.receiving.localAddress(), ByteBuffer.allocate(BYTES));
    departures.onHanded(what, nowNanos);
  }

  private void handData(long nowNanos) {
    long sequence = packets.next();
    packets.add(10, sequence, nowNanos);
    coverage.onSent(sequence);
    hand(new Data(sequence), nowNanos);
  }

  private void handAgain(long nowNanos) {
    port.send(wire.receiving.localAddress(), ByteBuffer.allocate(BYTES));
    departures.onHandedAgain(nowNanos);
  }

  @Test
  void leavesWhenTheKernelHadItsTimeToRefuse() {
    start(0);
    handData(0);
    assertEquals(20 * US, departures.checkNanos());
    assertEquals(Finding.NOTHING, departures.check(20 * US - 1));
    assertEquals(0, packets.departed());
    assertEquals(Finding.LEFT, departures.check(20 * US));
    assertEquals(1, packets.departed());
    assertEquals(20 * US, packets.departedNanos(0));
    assertEquals(Deadline.NONE, departures.checkNanos());
  }

  @Test
  void leavesWhenTheKernelsQueueIsShortEnough() {
    start(0);
    handData(0);
    handData(0);
    port.queuedBytes = BYTES;
    assertEquals(Finding.LEFT, departures.check(50 * US));
    assertEquals(1, packets.departed());
    port.queuedBytes = BYTES - 1;
    assertEquals(Finding.NOTHING, departures.check(90 * US), "a part of it is still here");
    assertEquals(90 * US + Departures.RECHECK_NANOS, departures.checkNanos());
    port.queuedBytes = 0;
    assertEquals(Finding.LEFT, departures.check(100 * US));
    assertEquals(2, packets.departed());
  }

  @Test
  void aLateRefusalTakesBackAllThatItCanMeanInOrder() {
    start(0);
    handData(0);
    departures.check(30 * US);
    handData(40 * US);
    handData(45 * US);
    handData(50 * US);
    port.refusedLater = 1;
    assertEquals(Finding.REFUSED, departures.check(60 * US));
    assertEquals(1, packets.departed(), "what had left before");
    assertEquals(3, departures.takenBack());
    for (long sequence = 1; sequence <= 3; sequence++) {
      assertEquals(new Data(sequence), departures.firstAgain());
      handAgain(70 * US);
    }
    assertFalse(departures.hasAgain());
    assertEquals(Finding.LEFT, departures.check(90 * US));
    assertEquals(4, packets.departed());
  }

  @Test
  void whatWasOldAtTheLookBeforeIsNotMeant() {
    start(1000);
    handData(0);
    departures.check(20 * US);
    handData(30 * US);
    port.refusedLater = 1;
    departures.check(40 * US);
    assertEquals(1, departures.takenBack());
    assertEquals(new Data(1), departures.firstAgain());
  }

  @Test
  void aLookThatComesLateStillSeesWhatMayBeMeant() {
    start(0);
    handData(0);
    departures.check(10 * US);
    port.refusedLater = 1;
    assertEquals(Finding.REFUSED, departures.check(1_000_000 * US));
    assertEquals(0, packets.departed());
    assertEquals(new Data(0), departures.firstAgain());
  }

  @Test
  void whatIsRefusedAgainComesBackInItsPlace() {
    start(0);
    handData(0);
    handData(0);
    handData(0);
    port.refusedLater = 3;
    departures.check(10 * US);
    handAgain(15 * US);
    handAgain(15 * US);
    port.refusedLater = 5;
    assertEquals(Finding.REFUSED, departures.check(25 * US));
    assertEquals(5, departures.takenBack());
    for (long sequence = 0; sequence <= 2; sequence++) {
      assertEquals(new Data(sequence), departures.firstAgain());
      handAgain(30 * US);
    }
    departures.check(50 * US);
    assertEquals(3, packets.departed());
  }

  @Test
  void aRefusedRepairCoversNothingUntilItHasLeft() {
    start(0);
    LayerEncoder encoder = new LayerEncoder(new Layer(0, ErasureCode.XOR, 2, 1, 1, 0), 10);
    for (long n = 0; n < 2; n++) {
      handData(0);
    }
    encoder.add(0, 0, 0, new byte[10], 0, 10, 0);
    CodingGroup group = encoder.add(1, 10, 0, new byte[10], 0, 10, 0);
    assertTrue(group.isFull());
    RepairJob job = new RepairJob(encoder, group, 0);
    job.onHanded(0);
    departures.check(20 * US);
    hand(new Repair(job, 0), 25 * US);
    port.refusedLater = 1;
    departures.check(40 * US);
    assertEquals(2, coverage.covered(0));
    assertEquals(0, coverage.covered(1));
    assertEquals(new Repair(job, 0), departures.firstAgain());
    handAgain(50 * US);
    departures.check(70 * US);
    assertEquals(2, coverage.covered(1));
  }

  @Test
  void whereThePortCannotTellTheKernelsWordIsTaken() {
    start(-1);
    assertTrue(departures.kernelOnly());
    handData(0);
    assertEquals(Finding.LEFT, departures.check(20 * US));
    assertEquals(1, packets.departed());
  }
}

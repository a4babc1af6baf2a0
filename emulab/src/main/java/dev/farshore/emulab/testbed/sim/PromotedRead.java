package dev.farshore.emulab.testbed.sim;

import dev.farshore.appliance.export.Export;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads what a promoted mirror has of a tester's requests. The log keeps the order of a tester's
 * requests, so a part of the volume that holds a request has held every earlier one that was
 * written there.
 */
final class PromotedRead {
  private final Clockwork clock;
  private final long patienceNanos;

  PromotedRead(Clockwork clock, long patienceNanos) {
    this.clock = clock;
    this.patienceNanos = patienceNanos;
  }

  /** How many of the requests that {@code tester} was answered are not there. */
  long missing(Tester tester, long acknowledged) throws IOException {
    Tester.Part part = tester.part();
    ByteBuffer slot = ByteBuffer.allocateDirect(part.slotBytes());
    long missing = 0;
    try (Export export =
        tester.lane().east().node().exports().orElseThrow().open(Lane.VOLUME).orElseThrow()) {
      for (long first = 0; first < Math.min(part.slots(), acknowledged); first++) {
        read(tester.lane().east(), export, part.offsetOf(first), slot.clear());
        missing += missing(tester.contents().numberOf(slot.clear()), first, part, acknowledged);
      }
    }
    return missing;
  }

  /** Of the requests first, first + slots, ... below {@code acknowledged}: those after held. */
  private static long missing(long held, long first, Tester.Part part, long acknowledged) {
    long ever = (acknowledged - first + part.slots() - 1) / part.slots();
    boolean strange = held >= 0 && held % part.slots() != first;
    long there = held < 0 || strange ? 0 : (held - first) / part.slots() + 1;
    return Math.max(0, ever - there);
  }

  private void read(Machine machine, Export export, long offset, ByteBuffer target)
      throws IOException {
    boolean[] done = new boolean[1];
    export.read(
        offset,
        target,
        new Export.Reply() {
          @Override
          public void done() {
            done[0] = true;
          }

          @Override
          public void failed(Export.Failure failure, String reason) {
            throw new IllegalStateException("the promoted volume cannot be read: " + reason);
          }
        });
    machine.wake();
    clock.await("what was read", patienceNanos, () -> done[0]);
  }
}

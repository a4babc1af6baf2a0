package dev.farshore.emulab.testbed.sim;

import dev.farshore.appliance.export.Export;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.BitSet;

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

  /** Which of the requests that {@code tester} was answered are not there, by number. */
  BitSet missing(Tester tester, long acknowledged) throws IOException {
    Tester.Part part = tester.part();
    ByteBuffer slot = ByteBuffer.allocateDirect(part.slotBytes());
    BitSet missing = new BitSet();
    try (Export export =
        tester.lane().east().node().exports().orElseThrow().open(Lane.VOLUME).orElseThrow()) {
      for (long first = 0; first < Math.min(part.slots(), acknowledged); first++) {
        read(tester.lane().east(), export, part.offsetOf(first), slot.clear());
        long held = tester.contents().numberOf(slot.clear());
        boolean strange = held < 0 || held % part.slots() != first;
        long lacked = strange ? first : held + part.slots();
        for (; lacked < acknowledged; lacked += part.slots()) {
          missing.set(Math.toIntExact(lacked));
        }
      }
    }
    return missing;
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

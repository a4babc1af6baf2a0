package dev.farshore.emulab.tun;

import dev.farshore.emulab.wan.Direction;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.LinkModel;
import dev.farshore.link.model.LossModel;

/**
 * Moves packets that nobody sees before the first real one comes: what the JVM has not compiled yet
 * is late by milliseconds. The packets are the values of an event counter, whose lowest byte says
 * that they are IPv4; the path reads them from there and writes them back.
 */
final class WarmUp {

  private static final int STEPS = 15_000;
  private static final int VERSION_4 = 0x45;
  private static final int PACKET_BYTES = 8;

  private WarmUp() {}

  /**
   * On the thread that owns {@code calls}.
   *
   * @param conditions of the path to come
   * @return packets that were moved
   */
  static int run(SystemCalls calls, LinkConditions conditions) {
    int counter = calls.eventDescriptor();
    if (counter < 0) {
      throw new IllegalStateException("No event descriptor: error " + -counter);
    }
    TunDevice device = TunDevice.standIn(counter);
    LinkConditions direct =
        conditions.withDelay(0).withJitter(0).withLoss(LossModel.NONE).withCorrupt(0);
    TunPath path =
        new TunPath(
            Direction.FORWARD,
            device,
            device,
            calls,
            PACKET_BYTES,
            new LinkModel(direct.withDuplicate(0), 0));
    int moved = 0;
    calls.signal(counter, VERSION_4);
    for (int i = 0; i < STEPS; i++) {
      path.readable();
      moved += path.step();
    }
    calls.close(counter);
    return moved;
  }
}

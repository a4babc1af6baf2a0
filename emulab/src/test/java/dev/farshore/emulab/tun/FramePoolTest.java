package dev.farshore.emulab.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Memory for packets: bounded, used again, never shared. */
class FramePoolTest {

  @Test
  void framesAreApartBoundedAndUsedAgain() {
    int packet = 1_500;
    FramePool pool = new FramePool(packet, 10L << 20);
    List<Frame> taken = new ArrayList<>();
    for (Frame frame = pool.take(); frame != null; frame = pool.take()) {
      assertTrue(
          frame.memory().byteSize() > packet, "longer than a packet, so that one more shows");
      frame.memory().fill((byte) taken.size());
      taken.add(frame);
    }
    long bytes = taken.size() * taken.getFirst().memory().byteSize();
    assertTrue(bytes <= 10 << 20 && bytes > 9.9 * (1 << 20), bytes + " bytes");
    for (int i = 0; i < taken.size(); i++) {
      assertEquals((byte) i, taken.get(i).memory().get(ValueLayout.JAVA_BYTE, 0));
      assertEquals((byte) i, taken.get(i).memory().get(ValueLayout.JAVA_BYTE, packet));
    }
    pool.giveBack(taken.removeLast());
    assertNotNull(pool.take());
    assertNull(pool.take());
  }
}

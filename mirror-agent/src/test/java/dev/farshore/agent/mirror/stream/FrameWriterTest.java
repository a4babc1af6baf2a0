package dev.farshore.agent.mirror.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.model.SimulatedNetwork;
import dev.farshore.link.session.CodeSettings;
import dev.farshore.link.session.LinkSender;
import dev.farshore.link.session.LinkSettings;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class FrameWriterTest {
  private final SimulatedNetwork network = new SimulatedNetwork(1);
  private final LinkSender link =
      new LinkSender(
          new LinkSettings(new CodeSettings.None(), 0, 0, 1_000_000_000, 1400, 1 << 20),
          7,
          network.host("here").datagrams(7601, 1400),
          new java.net.InetSocketAddress("10.0.0.2", 7601),
          0);
  private final FrameWriter frames = new FrameWriter(link);

  @Test
  void aBufferMayBeUsedAgainOnceItsFrameIsOut() {
    ByteBuffer record = ByteBuffer.allocate(100);
    for (int i = 1; i <= 3; i++) {
      frames.record(record.clear());
      assertEquals(i * (FrameType.HEADER_BYTES + 100L), frames.pump());
      // As a cursor does that reads the next record into the same buffer.
      record.clear();
      assertTrue(frames.idle());
    }
  }
}

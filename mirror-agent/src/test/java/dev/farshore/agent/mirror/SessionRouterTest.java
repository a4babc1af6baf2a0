package dev.farshore.agent.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.SimulatedNetwork;
import dev.farshore.link.port.ControlSettings;
import dev.farshore.link.port.DatagramPort;
import dev.farshore.link.session.CodeSettings;
import dev.farshore.link.session.LinkSender;
import dev.farshore.link.session.LinkSettings;
import dev.farshore.link.session.Report;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Whom a receiving session takes for its peer. */
final class SessionRouterTest {
  private static final int PORT = 7601;
  private static final long SESSION = 0x1234_5678_9abc_def0L;
  private static final LinkSettings LINK =
      new LinkSettings(
          new CodeSettings.Layered(8, List.of(1, 10)), 0, 500_000, 200_000_000, 1400, 1 << 20);

  private final SimulatedNetwork network =
      new SimulatedNetwork(5, LinkConditions.PERFECT.withDelay(1_000_000), ControlSettings.DEFAULT);
  private final SessionRouter west = router("west");
  private final SessionRouter east = router("east");

  private SessionRouter router(String host) {
    return new SessionRouter(
        network.host(host).datagrams(PORT, 1400),
        network::nowNanos,
        new SplittableRandom(1),
        () -> {});
  }

  @Test
  void aForgedDatagramDoesNotRedirectASession() {
    var pending = east.openReceiver(LINK, SESSION);
    DatagramPort stranger = network.host("stranger").datagrams(PORT, 1400);
    for (int type = 0; type < 256; type++) {
      ByteBuffer forged = ByteBuffer.allocate(100).put(0, (byte) type).put(1, (byte) 1);
      forged.putLong(4, SESSION);
      stranger.send(network.host("east").address(PORT), forged);
    }
    long now = 0;
    for (; now < 10_000_000; now += 100_000) {
      network.poll(now);
    }
    assertTrue(pending.receiver().isEmpty());
    assertEquals(256, east.strayDatagrams());

    LinkSender sender = west.openSender(LINK, SESSION, network.host("east").address(PORT));
    sender.offer(ByteBuffer.wrap(new byte[5000]));
    long end = now + 1_000_000_000L;
    Report told = new Report(3, 2);
    while (!sender.latestReport().equals(told) && now < end) {
      network.poll(now);
      sender.poll(now);
      pending.receiver().ifPresent(receiver -> receiver.report(told));
      long at = now;
      pending.receiver().ifPresent(receiver -> receiver.poll(at));
      now += 100_000;
    }
    assertEquals(told, sender.latestReport(), "the sender is answered");
  }
}

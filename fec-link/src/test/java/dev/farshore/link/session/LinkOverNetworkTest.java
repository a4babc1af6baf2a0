package dev.farshore.link.session;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.farshore.link.model.Bottleneck;
import dev.farshore.link.model.KernelConditions;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.LossModel;
import dev.farshore.link.model.QueueLimit;
import dev.farshore.link.model.Reordering;
import dev.farshore.link.model.SimulatedHost;
import dev.farshore.link.model.SimulatedNetwork;
import dev.farshore.link.port.DatagramPort;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Sessions over the simulated network, with its kernels, queues and faults. */
class LinkOverNetworkTest {

  private static final long US = 1_000;
  private static final long MS = 1_000_000;
  private static final long SECOND = 1000 * MS;

  private static final List<CodeSettings> CODES =
      List.of(
          new CodeSettings.None(),
          new CodeSettings.Layered(8, List.of(1, 10, 100)),
          new CodeSettings.Layered(4, List.of(1, 5)),
          new CodeSettings.ReedSolomon(8, 3),
          new CodeSettings.ReedSolomon(5, 1));

  /** Two sites, of which the primary may die. */
  private static final class Sites {
    final SimulatedNetwork network;
    final SimulatedHost primary;
    final LinkSender sender;
    final LinkReceiver receiver;
    boolean dead;
    long offered;
    long consumed;

    Sites(long seed, LinkSettings settings) {
      network = new SimulatedNetwork(seed);
      primary = network.host("primary");
      SimulatedHost mirror = network.host("mirror");
      DatagramPort from = primary.datagrams(7000, settings.datagramBytes());
      DatagramPort to = mirror.datagrams(7000, settings.datagramBytes());
      sender = new LinkSender(settings, 99, from, mirror.address(7000), 0);
      receiver = new LinkReceiver(settings, 99, to, primary.address(7000), 0);
      from.handler((peer, datagram) -> sender.onDatagram(datagram, network.nowNanos()));
      to.handler((peer, datagram) -> receiver.onDatagram(datagram, network.nowNanos()));
    }

    void offer(int bytes) {
      ByteBuffer buffer = ByteBuffer.allocate(Math.min(bytes, sender.writableBytes()));
      while (buffer.hasRemaining()) {
        buffer.put(Session.byteAt(offered++));
      }
      sender.offer(buffer.flip());
    }

    void step() {
      if (!dead) {
        sender.poll(network.nowNanos());
      }
      ByteBuffer bytes = receiver.peek();
      while (bytes.hasRemaining()) {
        for (int i = 0; i < bytes.limit(); i++) {
          if (bytes.get(i) != Session.byteAt(consumed + i)) {
            fail("wrong byte at stream offset " + (consumed + i));
          }
        }
        consumed += bytes.remaining();
        receiver.consume(bytes.remaining());
        bytes = receiver.peek();
      }
      receiver.poll(network.nowNanos());
    }

    void advance(long limit) {
      long next = Math.min(limit, network.nextDeadlineNanos());
      next = Math.min(next, receiver.nextDeadlineNanos());
      if (!dead) {
        next = Math.min(next, sender.nextDeadlineNanos());
      }
      network.poll(Math.max(network.nowNanos(), next));
    }

    void runFor(long nanos) {
      long end = network.nowNanos() + nanos;
      while (network.nowNanos() < end) {
        step();
        advance(end);
      }
      step();
    }
  }

  private static LossModel loss(SplittableRandom random) {
    return switch (random.nextInt(5)) {
      case 0 -> LossModel.NONE;
      case 1 -> new LossModel.Independent(random.nextDouble() * 0.02);
      case 2 -> new LossModel.Independent(random.nextDouble() * 0.3);
      case 3 -> new LossModel.PacketBursts(random.nextDouble() * 0.1, 1 + random.nextInt(50));
      default -> new LossModel.Outages(random.nextDouble() * 0.2, 1 + random.nextLong(300 * MS));
    };
  }

  private static LinkConditions conditions(SplittableRandom random) {
    LinkConditions conditions =
        LinkConditions.PERFECT
            .withDelay(random.nextLong(60 * MS))
            .withJitter(random.nextBoolean() ? 0 : random.nextLong(10 * MS))
            .withLoss(loss(random));
    if (random.nextInt(3) == 0) {
      conditions =
          conditions.withReordering(
              new Reordering(random.nextDouble() * 0.2, 1 + random.nextLong(20 * MS)));
    }
    if (random.nextInt(3) == 0) {
      conditions = conditions.withDuplicate(random.nextDouble() * 0.1);
    }
    if (random.nextInt(3) == 0) {
      conditions = conditions.withCorrupt(random.nextDouble() * 0.05);
    }
    if (random.nextInt(3) == 0) {
      conditions =
          conditions.withBottleneck(
              new Bottleneck.DropTail(
                  5_000_000 + random.nextLong(50_000_000),
                  new QueueLimit.Time(5 * MS + random.nextLong(50 * MS)),
                  Bottleneck.UDP_HEADER_BYTES));
    }
    return conditions;
  }

  private static KernelConditions kernel(SplittableRandom random) {
    return new KernelConditions(
        random.nextBoolean() ? 0 : 10_000_000 + random.nextLong(200_000_000),
        2000 + random.nextLong(1 << 20),
        random.nextBoolean(),
        random.nextInt(3) == 0 ? random.nextDouble() * 0.05 : 0,
        random.nextInt(3) == 0 ? random.nextDouble() * 0.05 : 0);
  }

  @Test
  void whateverTheNetworkDoesTheStreamArrivesOnceThingsCalmDown() {
    for (long seed = 1; seed <= 100; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      CodeSettings code = CODES.get((int) (seed % CODES.size()));
      LinkSettings settings =
          new LinkSettings(
              code,
              random.nextLong(3 * MS),
              random.nextLong(2 * MS),
              2_000_000 + random.nextLong(200_000_000),
              200 + random.nextInt(1300),
              20_000 + random.nextInt(500_000));
      Sites sites = new Sites(seed, settings);
      sites.network.path("primary", "mirror").change(conditions(random));
      sites.network.path("mirror", "primary").change(conditions(random));
      sites.primary.kernel().change(kernel(random));
      sites.network.host("mirror").kernel().change(kernel(random));
      for (int i = 0; i < 100; i++) {
        sites.offer(random.nextInt(20_000));
        sites.runFor(random.nextLong(20 * MS));
        if (random.nextInt(30) == 0) {
          sites.network.partition("primary", "mirror");
          sites.runFor(random.nextLong(3 * SECOND));
          sites.network.heal("primary", "mirror");
        }
      }
      LinkConditions calm = LinkConditions.PERFECT.withDelay(20 * MS);
      sites.network.path("primary", "mirror").change(calm);
      sites.network.path("mirror", "primary").change(calm);
      sites.primary.kernel().change(KernelConditions.IDEAL);
      sites.network.host("mirror").kernel().change(KernelConditions.IDEAL);
      long goal = sites.offered;
      long transmit = 4 * 8L * settings.windowBytes() * SECOND / settings.rateBitsPerSecond();
      sites.runFor(4 * SECOND + transmit);
      String what = "seed " + seed + " " + settings;
      assertEquals(goal, sites.consumed, what);
      assertEquals(goal, sites.sender.acknowledgedOffset(), what);
      assertEquals(goal, sites.sender.sentOffset(), what);
    }
  }

  @Test
  void whatWasCoveredWhenThePowerWentIsAtTheMirrorInSpiteOfOutagesWithinThePromise() {
    int deaths = 0;
    long repaired = 0;
    for (long seed = 1; seed <= 300; seed++) {
      SplittableRandom random = new SplittableRandom(seed);
      CodeSettings code = CODES.get(1 + (int) (seed % (CODES.size() - 1)));
      long burst = 500 * US + random.nextLong(3 * MS);
      LinkSettings settings = new LinkSettings(code, burst, MS / 2, 40_000_000L, 300, 1 << 18);
      Sites sites = new Sites(seed, settings);
      // Two outages never meet the same groups: those of 800 packets of 300 bytes take 70 ms.
      LinkConditions outages =
          LinkConditions.PERFECT
              .withDelay(200 * MS)
              .withLoss(new LossModel.Outages(burst / (burst + 150.0 * MS), burst, 110 * MS));
      sites.network.path("primary", "mirror").change(outages);
      sites.network.path("mirror", "primary").change(LinkConditions.PERFECT.withDelay(200 * MS));
      boolean narrow = random.nextBoolean();
      sites
          .primary
          .kernel()
          .change(new KernelConditions(narrow ? 60_000_000 : 0, 1 << 18, true, 0, 0));
      long until = random.nextLong(50 * MS, 700 * MS);
      int most = random.nextBoolean() ? 200 : 4000;
      while (sites.network.nowNanos() < until) {
        sites.offer(1 + random.nextInt(most));
        sites.runFor(random.nextLong(2 * MS));
        if (random.nextInt(200) == 0) {
          sites.primary.kernel().refuseLaterNext(random.nextInt(20));
        }
      }
      long covered = sites.sender.coveredOffset(code.levels());
      sites.primary.powerOff();
      sites.dead = true;
      deaths += covered > 0 ? 1 : 0;
      sites.runFor(SECOND);
      assertTrue(
          sites.consumed >= covered,
          "seed %d, %s: covered %d, arrived %d".formatted(seed, settings, covered, sites.consumed));
      repaired += sites.receiver.statistics().repairedPackets();
    }
    assertTrue(deaths > 200 && repaired > 1000, deaths + " deaths, " + repaired + " repaired");
  }
}

package dev.farshore.emulab.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.farshore.emulab.flow.SocketWatch.Look;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Connections of segments of 1,448 bytes, over a wire of 100 Mbit/s. */
class TcpBoundsTest {
  private static final double WIRE = 100e6;
  private static final double EXACT = 1e-9;

  /** Bytes of payload that fill the wire for a second. */
  private static final long FULL = (long) (WIRE / 8 * 1448 / 1500);

  /** In each second the processors are busy for this share, where nothing else is said. */
  private static final double HALF_BUSY = 0.5;

  private static Look look(long busyMillis, long bytes, String more) {
    return look(busyMillis, bytes, more, HALF_BUSY);
  }

  private static Look look(long busyMillis, long bytes, String more, double processors) {
    SocketFacts facts =
        SocketFacts.parse(
            "0 0 a:1 b:2\n\t bbr mss:1448 bytes_sent:"
                + bytes
                + " busy:"
                + busyMillis
                + "ms "
                + more.strip());
    long all = busyMillis / 5;
    return new Look(facts, new ProcessorTimes(Math.round(all * processors), all));
  }

  private static TcpBounds of(Look... looks) {
    return TcpBounds.of(List.of(looks), WIRE);
  }

  private static void assertOne(double share) {
    assertEquals(1, share, EXACT);
  }

  @Test
  void whoFillsTheWireIsBoundByItWhateverItsWindow() {
    TcpBounds bounds =
        of(look(1000, 0, "cwnd:900 unacked:900"), look(2000, FULL, "cwnd:900 unacked:900"));
    assertOne(bounds.wire());
    assertEquals(0, bounds.machine() + bounds.unseen(), EXACT);
  }

  @Test
  void aFullWindowBindsForHalfOfTheTimeBetweenALookThatSawItAndOneThatDidNot() {
    Look full = look(0, 0, "cwnd:20 unacked:22 lost:3");
    assertOne(of(full, look(1000, FULL / 50, "cwnd:20 unacked:20")).control());
    TcpBounds half = of(full, look(1000, FULL / 50, "cwnd:20 unacked:9"));
    assertEquals(0.5, half.control(), EXACT);
    assertEquals(0.5, half.unseen(), EXACT);
  }

  @Test
  void bbrIsBoundByItsModelWhereItSendsAsMuchAsThatSays() {
    String half = "bbr:(bw:50Mbps,mrtt:100) cwnd:900 unacked:400";
    TcpBounds model = of(look(0, 0, half), look(1000, FULL / 2, half));
    assertOne(model.control());
    assertOne(of(look(0, 0, half), look(1000, FULL / 4, half)).unseen());
    String more = "bbr:(bw:90Mbps,mrtt:100) cwnd:900 unacked:400";
    assertOne(of(look(0, 0, half), look(1000, FULL / 2, more)).control());
  }

  @Test
  void theMachineBindsOnlyWhereItsProcessorsWereBusy() {
    Look began = look(0, 0, "cwnd:90 unacked:40");
    assertOne(of(began, look(1000, FULL / 4, "cwnd:90 unacked:40", 0.95)).machine());
    assertOne(of(began, look(1000, FULL / 4, "cwnd:90 unacked:40", 0.85)).unseen());
    assertOne(of(began, look(1000, FULL, "cwnd:90 unacked:40", 1)).wire());
  }

  @Test
  void receiveWindowAndSendBufferHaveClocksOfTheirOwn() {
    TcpBounds bounds =
        of(
            look(1000, 0, "rwnd_limited:100ms(10.0%) cwnd:90 unacked:90"),
            look(
                2000,
                0,
                "rwnd_limited:350ms(17.5%) sndbuf_limited:500ms(25.0%) cwnd:90 unacked:90"),
            look(3000, FULL, "rwnd_limited:350ms(11.7%) sndbuf_limited:500ms(16.7%)"));
    assertEquals(0.125, bounds.receiveWindow(), EXACT);
    assertEquals(0.25, bounds.sendBuffer(), EXACT);
    assertEquals(0.125, bounds.control(), EXACT);
    assertEquals(0.5, bounds.wire(), EXACT);
    assertEquals(0, bounds.machine() + bounds.unseen(), EXACT);
  }

  @Test
  void timeWithNothingToSendDoesNotCount() {
    Look full = look(1000, FULL, "cwnd:9");
    assertOne(of(look(0, 0, "cwnd:9"), full, full).wire());
    assertThrows(IllegalArgumentException.class, () -> of(full, full));
  }
}

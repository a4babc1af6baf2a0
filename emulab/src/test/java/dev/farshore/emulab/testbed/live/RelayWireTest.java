package dev.farshore.emulab.testbed.live;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.wan.ControlSocket;
import dev.farshore.emulab.wan.WanRelay;
import dev.farshore.emulab.wan.WanSettings;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A relay as a live trial sees it, through its control socket. */
@Timeout(60)
class RelayWireTest {

  @TempDir private Path directory;

  private static WanRelay relay(InetSocketAddress to) {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return WanRelay.start(new WanSettings(any, to, Map.of("delay", "1ms"), 1));
  }

  private static void send(WanRelay relay) throws IOException {
    try (DatagramSocket client = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      client.send(new DatagramPacket(new byte[100], 100, relay.listening()));
    }
  }

  @Test
  void aCutIsKnownToTheWayThereAndBackAndNotToWhatTheRelayDidMeanwhile() throws IOException {
    Path control = directory.resolve("control");
    try (WanRelay relay = relay(new InetSocketAddress(InetAddress.getLoopbackAddress(), 9));
        ControlSocket _ = ControlSocket.listen(control, order -> slow(relay.obey(order)));
        RelayWire wire = new RelayWire(control)) {
      for (boolean severed : new boolean[] {true, false, true}) {
        long before = System.nanoTime();
        Wire.Cut cut = wire.cut(severed);
        long after = System.nanoTime();
        assertTrue(cut.nanos() - before >= 0, "it was not cut before it was asked");
        assertTrue(after - cut.nanos() >= cut.uncertainNanos(), "nor after it answered");
        wire.obey("open-entrance");
      }
    }
    // Asked at 10, answered at 100, 60 of them after the cut: it was at 40 at the latest.
    assertEquals(new Wire.Cut(10, 30), Wire.Cut.between(10, 100, 60));
  }

  private static String slow(String answer) {
    LockSupport.parkNanos(1_000_000);
    return answer;
  }

  @Test
  void aRelayThatDoesNotSayWhenItClosedIsRefused() throws IOException {
    Path control = directory.resolve("control");
    try (ControlSocket _ = ControlSocket.listen(control, order -> "forward: (entrance closed)");
        RelayWire wire = new RelayWire(control)) {
      assertThrows(IOException.class, () -> wire.cut(false));
    }
  }

  /** No such datagram may be sent without asking for it, so the relay's own kernel refuses. */
  @Test
  void whatTheRelaysKernelDoesNotTakeMakesTheTrialInvalid() throws IOException {
    Path control = directory.resolve("control");
    try (WanRelay relay = relay(new InetSocketAddress("127.255.255.255", 9));
        ControlSocket _ = ControlSocket.listen(control, relay::obey);
        RelayWire wire = new RelayWire(control)) {
      assertEquals("", wire.read().invalid());
      send(relay);
      while (wire.read().lost() == 0) {
        LockSupport.parkNanos(500_000);
      }
      assertEquals(
          "the relay: INVALID: datagrams lost outside of the link: 1; what was measured is void",
          wire.read().invalid());
      assertTrue(!relay.isValid());
    }
  }

  /** A site that has been killed takes nothing: that is no fault of the link. */
  @Test
  void whatTheFarEndRefusesIsCountedAndIsNoFault() throws IOException {
    DatagramSocket far = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    InetSocketAddress nobody = (InetSocketAddress) far.getLocalSocketAddress();
    far.close();
    try (WanRelay relay = relay(nobody)) {
      do {
        send(relay);
        LockSupport.parkNanos(5_000_000);
      } while (!relay.report(true).matches(".*\"refusedPackets\":[1-9].*"));
      assertTrue(relay.isValid(), relay.report(false));
    }
  }
}

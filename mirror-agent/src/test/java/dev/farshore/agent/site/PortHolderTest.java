package dev.farshore.agent.site;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PortHolderTest {
  private static final Optional<Long> THIS = Optional.of(ProcessHandle.current().pid());

  @Test
  void findsTheListenerOfATcpPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertEquals(THIS, PortHolder.find(socket.getLocalPort()));
      assertTrue(PortHolder.describe(socket.getLocalPort()).contains("process " + THIS.get()));
    }
  }

  @Test
  void findsTheHolderOfAUdpPort() throws IOException {
    try (DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      assertEquals(THIS, PortHolder.find(socket.getLocalPort()));
    }
  }

  @Test
  void nobodyHoldsAFreePort() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    assertEquals(Optional.empty(), PortHolder.find(port));
  }
}

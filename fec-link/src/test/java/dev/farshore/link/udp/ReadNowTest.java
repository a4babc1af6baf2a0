package dev.farshore.link.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.netty.Needs;
import dev.farshore.link.netty.Transport;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** All of it happens in one task of the loop, which reads nothing by itself meanwhile. */
@Timeout(60)
class ReadNowTest {

  private static final int COUNT = 300;

  @ParameterizedTest
  @EnumSource(Transport.class)
  void handsOverWhatWaitsInOrderAndThenNothing(Transport transport) throws Exception {
    if (transport == Transport.EPOLL) {
      Needs.epoll();
    }
    IoEventLoopGroup group = transport.newGroup(1, "read-now");
    try {
      EventLoop loop = group.next();
      loop.submit(() -> handsOverWhatWaits(loop, transport)).get();
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }
  }

  private static Void handsOverWhatWaits(EventLoop loop, Transport transport) throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    UdpSettings settings = new UdpSettings(100, 1 << 20, 1 << 20, UdpSettings.Segmentation.NEVER);
    UdpPort port = UdpPort.open(loop, any, settings);
    List<Integer> seen = new ArrayList<>();
    List<InetSocketAddress> senders = new ArrayList<>();
    port.handler(
        (from, datagram) -> {
          senders.add(from);
          seen.add(datagram.getShort() * 1000 + datagram.remaining());
        });
    try (DatagramSocket client = new DatagramSocket(any)) {
      for (int i = 0; i < COUNT; i++) {
        byte[] bytes = new byte[3 + i % 90];
        bytes[0] = (byte) (i >> 8);
        bytes[1] = (byte) i;
        client.send(new DatagramPacket(bytes, bytes.length, port.localAddress()));
      }
      client.send(new DatagramPacket(new byte[101], 101, port.localAddress()));
      port.readNow(5);
      assertTrue(seen.size() >= 5 && seen.size() < COUNT, "bounded: " + seen.size());
      if (transport == Transport.EPOLL) {
        assertEquals(5, seen.size());
      }
      port.readNow(10 * COUNT);
      assertEquals(
          IntStream.range(0, COUNT).map(i -> i * 1000 + 1 + i % 90).boxed().toList(), seen);
      assertEquals(List.of(client.getLocalSocketAddress()), senders.stream().distinct().toList());
      assertEquals(1, port.droppedTooLarge());
      port.readNow(COUNT);
      assertEquals(COUNT, seen.size());
      assertEquals(transport == Transport.EPOLL ? 0 : -1, port.droppedArrivals());
      port.close();
      port.readNow(COUNT);
      assertEquals(transport == Transport.EPOLL ? 0 : -1, port.droppedArrivals());
    }
    return null;
  }
}

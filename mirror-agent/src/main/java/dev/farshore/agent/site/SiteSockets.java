package dev.farshore.agent.site;

import dev.farshore.agent.config.Address;
import dev.farshore.agent.config.GroupConfig.Mode;
import dev.farshore.agent.config.PeerConfig;
import dev.farshore.agent.config.SiteConfig;
import dev.farshore.agent.mirror.ControlReception;
import dev.farshore.link.port.ControlPort;
import dev.farshore.link.port.ControlSettings;
import dev.farshore.link.tcp.TcpControlNetwork;
import dev.farshore.link.udp.UdpPort;
import dev.farshore.link.udp.UdpSettings;
import dev.farshore.link.udp.UdpSettings.Segmentation;
import io.netty.channel.EventLoop;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets between sites: one UDP port for the data of all groups, TCP for control. Owned by the
 * site's thread.
 */
final class SiteSockets implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SiteSockets.class);

  /** What a peer with jumbo frames may send, whatever this site sends itself. */
  private static final int DATAGRAM_BYTES_MIN = 9000;

  private final List<PeerConfig> peers;
  private final UdpPort datagrams;
  private final TcpControlNetwork control;
  private final InetSocketAddress listen;

  /**
   * @throws SiteFailure if the address cannot be had
   */
  SiteSockets(SiteConfig config, EventLoop loop) {
    this.peers = config.peers();
    this.listen = config.site().listen().resolve();
    int bytes = Math.max(config.link().datagramBytes(), DATAGRAM_BYTES_MIN);
    try {
      this.datagrams = UdpPort.open(loop, listen, UdpSettings.of(bytes).with(segmentation(config)));
    } catch (UncheckedIOException e) {
      throw inUse("site.listen", config.site().listen(), e.getCause().getMessage(), e);
    }
    this.control = new TcpControlNetwork(loop, ControlSettings.DEFAULT);
  }

  /**
   * A reply in mode {@code network} says that every datagram has left this host, so each must be
   * seen to leave by itself. The replies of other modes say nothing of the kind, and runs of
   * datagrams take much less of the processor.
   */
  private static Segmentation segmentation(SiteConfig config) {
    boolean promisesSent =
        config.groups().stream().anyMatch(group -> group.promise().mode() == Mode.NETWORK);
    return promisesSent ? Segmentation.NEVER : Segmentation.SORTED_RUNS;
  }

  /** Lets peers in. */
  void listen(ControlReception reception) {
    try {
      control.listen(listen, port -> accept(port, reception));
    } catch (UncheckedIOException e) {
      throw inUse(
          "site.listen",
          new Address.Internet(listen.getHostString(), listen.getPort()),
          e.getCause().getMessage(),
          e);
    }
  }

  private void accept(ControlPort port, ControlReception reception) {
    InetSocketAddress from = port.remoteAddress();
    if (peers.stream().anyMatch(peer -> peer.permits(from))) {
      reception.accept(port);
    } else {
      LOG.warn("turned away {}: not a loopback address, and no peer is insecure = true", from);
      port.close();
    }
  }

  UdpPort datagrams() {
    return datagrams;
  }

  TcpControlNetwork control() {
    return control;
  }

  /** Whether the kernel says what has left the host. */
  boolean kernelTellsWhatLeft() {
    return datagrams.queuedBytes() >= 0;
  }

  /** Names the address, the key that it comes from, and who has it. */
  static SiteFailure inUse(String key, Address address, String reason, Throwable cause) {
    String holder =
        address instanceof Address.Internet internet && reason.contains("in use")
            ? ", " + PortHolder.describe(internet.port())
            : "";
    return new SiteFailure(key + ": cannot listen at " + address + ": " + reason + holder, cause);
  }

  static SocketAddress socketAddress(Address address) {
    return switch (address) {
      case Address.Internet internet -> internet.resolve();
      case Address.Unix unix -> unix.socketAddress();
    };
  }

  @Override
  public void close() {
    control.close();
    datagrams.close();
  }
}

package dev.farshore.link.udp;

/**
 * @param maxDatagramBytes largest datagram that is sent or taken, 1 to 65507
 * @param receiveBufferBytes how much the kernel shall hold for us while we are busy
 * @param sendBufferBytes how much the kernel shall take from us before it pushes back
 * @param segmentation whether datagrams may leave as one piece that the kernel cuts
 */
public record UdpSettings(
    int maxDatagramBytes, int receiveBufferBytes, int sendBufferBytes, Segmentation segmentation) {

  /** How datagrams of one size to one address are given to the kernel. */
  public enum Segmentation {
    /** Each by itself: every one that our kernel drops is reported. */
    NEVER,
    /**
     * Up to 64 as one piece (native epoll only): several times as many a second. A queue discipline
     * that cuts the piece itself, as tbf does, reports it as sent if but one of them was.
     */
    RUNS,
    /**
     * As {@link #RUNS}, and datagrams of different sizes that are sent between two flushes may
     * overtake each other, so that data and repair packets, which take turns and differ in size,
     * make long runs too.
     */
    SORTED_RUNS
  }

  /** What fits into one packet of IPv4 on Ethernet. */
  public static final int ETHERNET_DATAGRAM_BYTES = 1_472;

  private static final int MAX_UDP_PAYLOAD = 65_507;

  public UdpSettings {
    if (maxDatagramBytes < 1 || maxDatagramBytes > MAX_UDP_PAYLOAD) {
      throw new IllegalArgumentException("Datagrams of up to " + maxDatagramBytes + " bytes");
    }
    if (receiveBufferBytes < 1 || sendBufferBytes < 1) {
      throw new IllegalArgumentException(
          "Socket buffers of " + receiveBufferBytes + " and " + sendBufferBytes + " bytes");
    }
  }

  /**
   * No segmentation, and buffers of 16 MiB: 130 ms at 1 Gbit/s. The kernel grants less where {@code
   * net.core.rmem_max} says so and the process has not the right to go beyond it.
   */
  public static UdpSettings of(int maxDatagramBytes) {
    return new UdpSettings(maxDatagramBytes, 16 << 20, 16 << 20, Segmentation.NEVER);
  }

  /** The same with another segmentation. */
  public UdpSettings with(Segmentation other) {
    return new UdpSettings(maxDatagramBytes, receiveBufferBytes, sendBufferBytes, other);
  }
}

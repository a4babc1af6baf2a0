package dev.farshore.link.model;

/**
 * Watches the datagrams of one direction of a simulated path, as a packet capture at each of its
 * ends would. Called on the network's thread; it must not call the network. The bytes are shared:
 * they must not be changed.
 */
public interface PathCapture {

  /** A datagram has left its host. Nothing is said of what becomes of it. */
  void entered(byte[] datagram, long nowNanos);

  /** A datagram comes to the far host as it was sent; damaged ones are not told. */
  void arrived(byte[] datagram, long nowNanos);

  /**
   * The sender's kernel had taken a datagram for this path, and refused it later: it never entered.
   */
  default void refused(byte[] datagram, long nowNanos) {}
}

package dev.farshore.emulab.wan;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/** A datagram on its way: whose it is, and memory for its bytes that is used again and again. */
final class Parcel {

  private final ByteBuffer memory;
  private UdpClient client;

  Parcel(int capacity) {
    memory = ByteBuffer.allocateDirect(capacity);
  }

  void fill(UdpClient owner, ByteBuffer datagram) {
    client = owner;
    memory.clear().put(datagram).flip();
  }

  UdpClient client() {
    return client;
  }

  InetSocketAddress clientAddress() {
    return client.address();
  }

  int capacity() {
    return memory.capacity();
  }

  /** Position to limit; a change of them ends with the next {@link #fill}. */
  ByteBuffer bytes() {
    return memory;
  }
}

package dev.farshore.appliance.nbd;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** A raw client on a blocking socket. */
final class NbdSocket implements AutoCloseable {

  private final SocketChannel channel;

  NbdSocket(SocketAddress address) throws IOException {
    channel =
        address instanceof InetSocketAddress
            ? SocketChannel.open()
            : SocketChannel.open(StandardProtocolFamily.UNIX);
    channel.connect(address);
  }

  /** Past its handshake, with structured replies. */
  static NbdSocket modern(SocketAddress address, String export) throws IOException {
    NbdSocket socket = new NbdSocket(address);
    socket.receive(18).greeting();
    socket.send(
        new ClientBytes()
            .flags(ClientBytes.MODERN)
            .option(Protocol.OPT_STRUCTURED_REPLY)
            .go(export));
    socket.receive(20 + 32 + 20);
    return socket;
  }

  void send(ClientBytes bytes) throws IOException {
    send(bytes.bytes());
  }

  void send(byte[] bytes) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer);
    }
  }

  /** Exactly so many bytes of what the server sends. */
  ServerBytes receive(int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        throw new EOFException("after " + buffer.position() + " bytes");
      }
    }
    return new ServerBytes(Unpooled.wrappedBuffer(buffer.flip()));
  }

  /** Everything up to the server's end; a reset counts as one. */
  ServerBytes receiveAll() throws IOException {
    ByteBuf all = Unpooled.buffer();
    ByteBuffer buffer = ByteBuffer.allocate(1 << 16);
    try {
      while (channel.read(buffer) >= 0) {
        all.writeBytes(buffer.flip());
        buffer.clear();
      }
    } catch (IOException reset) {
      if (!reset.getMessage().contains("reset")) {
        throw reset;
      }
    }
    return new ServerBytes(all);
  }

  /** Sends nothing more, and goes on receiving. */
  void finish() throws IOException {
    channel.shutdownOutput();
  }

  /** Closes with a reset, so that nothing is left half closed. */
  void abort() throws IOException {
    channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    channel.close();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

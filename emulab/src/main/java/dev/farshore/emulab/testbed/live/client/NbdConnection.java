package dev.farshore.emulab.testbed.live.client;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * One connection to an NBD export: fixed newstyle handshake with NBD_OPT_GO, simple replies.
 * Requests may be sent by one thread while another reads the replies.
 *
 * @see <a href="https://github.com/NetworkBlockDevice/nbd/blob/master/doc/proto.md">NBD
 *     protocol</a>
 */
public final class NbdConnection implements AutoCloseable {
  private static final long NBD_MAGIC = 0x4e42444d41474943L;
  private static final long OPTION_MAGIC = 0x49484156454f5054L;
  private static final long OPTION_REPLY_MAGIC = 0x0003e889045565a9L;
  private static final int REQUEST_MAGIC = 0x25609513;
  private static final int REPLY_MAGIC = 0x67446698;
  private static final int FIXED_NEWSTYLE_NO_ZEROES = 3;
  private static final int OPTION_GO = 7;
  private static final int REPLY_ACK = 1;
  private static final int REPLY_INFO = 3;
  private static final int INFO_EXPORT = 0;
  private static final int READ = 0;
  private static final int WRITE = 1;
  private static final int DISCONNECT = 2;
  private static final int FLUSH = 3;
  private static final int BUFFER_BYTES = 1 << 16;

  private final Closeable socket;
  private final DataInputStream in;
  private final DataOutputStream out;
  private volatile boolean closed;
  private long sizeBytes;

  /** A reply to a request: its cookie, and the error number, 0 if it was done. */
  public record Reply(long cookie, int error) {}

  public NbdConnection(InetSocketAddress server, String export) throws IOException {
    this(connected(server), export);
  }

  private NbdConnection(Socket socket, String export) throws IOException {
    this(socket, socket.getInputStream(), socket.getOutputStream(), export);
  }

  /** Through a Unix socket. */
  public NbdConnection(Path server, String export) throws IOException {
    this(connected(server), export);
  }

  private NbdConnection(SocketChannel channel, String export) throws IOException {
    this(channel, Channels.newInputStream(channel), Channels.newOutputStream(channel), export);
  }

  private NbdConnection(Closeable socket, InputStream in, OutputStream out, String export)
      throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(new BufferedInputStream(in, BUFFER_BYTES));
    this.out = new DataOutputStream(new BufferedOutputStream(out, BUFFER_BYTES));
    boolean agreed = false;
    try {
      handshake(export);
      agreed = true;
    } finally {
      if (!agreed) {
        abort();
      }
    }
  }

  private static Socket connected(InetSocketAddress server) throws IOException {
    Socket socket = new Socket();
    socket.connect(server, 5_000);
    socket.setTcpNoDelay(true);
    return socket;
  }

  private static SocketChannel connected(Path server) throws IOException {
    return SocketChannel.open(UnixDomainSocketAddress.of(server));
  }

  private void handshake(String export) throws IOException {
    if (in.readLong() != NBD_MAGIC || in.readLong() != OPTION_MAGIC) {
      throw new IOException("no NBD server");
    }
    in.readUnsignedShort();
    out.writeInt(FIXED_NEWSTYLE_NO_ZEROES);
    byte[] name = export.getBytes(StandardCharsets.UTF_8);
    out.writeLong(OPTION_MAGIC);
    out.writeInt(OPTION_GO);
    out.writeInt(Integer.BYTES + name.length + Short.BYTES);
    out.writeInt(name.length);
    out.write(name);
    out.writeShort(0);
    out.flush();
    boolean acknowledged = false;
    while (!acknowledged) {
      acknowledged = optionReply(export);
    }
  }

  private boolean optionReply(String export) throws IOException {
    if (in.readLong() != OPTION_REPLY_MAGIC) {
      throw new IOException("bad option reply");
    }
    in.readInt();
    int type = in.readInt();
    byte[] payload = in.readNBytes(in.readInt());
    if (type < 0) {
      throw new IOException("export " + export + " refused: error " + (type & 0x7fff_ffff));
    }
    if (type == REPLY_INFO) {
      try (DataInputStream info = new DataInputStream(new java.io.ByteArrayInputStream(payload))) {
        if (info.readUnsignedShort() == INFO_EXPORT) {
          sizeBytes = info.readLong();
        }
      }
    }
    return type == REPLY_ACK;
  }

  public long sizeBytes() {
    return sizeBytes;
  }

  public void sendWrite(long cookie, long offset, byte[] data) throws IOException {
    request(WRITE, cookie, offset, data.length);
    out.write(data);
  }

  public void sendFlush(long cookie) throws IOException {
    request(FLUSH, cookie, 0, 0);
  }

  private void request(int command, long cookie, long offset, int length) throws IOException {
    out.writeInt(REQUEST_MAGIC);
    out.writeShort(0);
    out.writeShort(command);
    out.writeLong(cookie);
    out.writeLong(offset);
    out.writeInt(length);
  }

  /** Pushes out the requests that were sent. */
  public void push() throws IOException {
    out.flush();
  }

  /** Waits for the next reply to a request without data. */
  public Reply receive() throws IOException {
    if (in.readInt() != REPLY_MAGIC) {
      throw new IOException("bad reply");
    }
    int error = in.readInt();
    return new Reply(in.readLong(), error);
  }

  /** Reads a range; nothing else may be outstanding. */
  public byte[] read(long offset, int length) throws IOException {
    request(READ, 0, offset, length);
    out.flush();
    Reply reply = receive();
    if (reply.error() != 0) {
      throw new IOException("read at " + offset + " failed with error " + reply.error());
    }
    byte[] data = in.readNBytes(length);
    if (data.length != length) {
      throw new EOFException("the server closed in a read");
    }
    return data;
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    try (socket) {
      closed = true;
      request(DISCONNECT, 0, 0, 0);
      out.flush();
    }
  }

  /** Closes without a word, as a client that dies. */
  public void abort() throws IOException {
    closed = true;
    socket.close();
  }
}

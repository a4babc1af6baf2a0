package dev.farshore.link.udp;

import dev.farshore.link.netty.Escalation;
import dev.farshore.link.netty.Transport;
import dev.farshore.link.port.DatagramPort;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.unix.DatagramSocketAddress;
import io.netty.channel.unix.Errors;
import io.netty.channel.unix.Socket;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * A UDP socket. With native epoll it sends and receives in batches (one system call for up to 64
 * datagrams), sees which datagrams the kernel and other hosts refuse, and how many bytes have not
 * left the host; over the JDK's sockets it sees neither.
 *
 * <p>Owned by the thread of its event loop. An exception that a handler or listener throws goes to
 * that thread's uncaught exception handler.
 */
public final class UdpPort implements DatagramPort {

  private static final int BATCH = 64;
  private static final int MAX_READS = 4 * BATCH;
  private static final int MAX_BATCH_BYTES = 1 << 20;
  private static final WriteBufferWaterMark WAITING_BYTES =
      new WriteBufferWaterMark(256 << 10, 1 << 20);

  private static final int EIO = 5;
  private static final int EINVAL = 22;
  private static final int EMSGSIZE = 90;
  private static final int ENOPROTOOPT = 92;
  private static final int EOPNOTSUPP = 95;
  private static final int ENETUNREACH = 101;
  private static final int ECONNREFUSED = 111;
  private static final int EHOSTDOWN = 112;
  private static final int EHOSTUNREACH = 113;

  private final EventLoop loop;
  private final DatagramChannel channel;
  private final int maxDatagramBytes;
  private final InetSocketAddress localAddress;
  private final Optional<KernelSocket> kernel;
  private final boolean seesRefusals;

  /** Those that are open: one, or one for each of two sizes of datagrams. */
  private final SendRun[] runs;

  private Handler handler = (from, datagram) -> {};
  private Runnable writableListener = () -> {};
  private boolean open = true;
  private boolean segmenting;
  private boolean pushedBack;
  private int gathered;
  private long takenBytes;
  private long arrived;
  private long refusedLater;
  private long refusedHere;
  private long droppedArrivals;
  private long droppedTooLarge;

  private UdpPort(DatagramChannel channel, UdpSettings settings) {
    this.loop = channel.eventLoop();
    this.channel = channel;
    this.maxDatagramBytes = settings.maxDatagramBytes();
    this.localAddress = channel.localAddress();
    this.kernel =
        channel instanceof UnixChannel unix
            ? KernelSocket.of(unix.fd().intValue())
            : Optional.empty();
    this.seesRefusals = kernel.map(KernelSocket::reportErrors).orElse(false);
    kernel.ifPresent(
        socket -> socket.forceBuffers(settings.receiveBufferBytes(), settings.sendBufferBytes()));
    boolean sorted = settings.segmentation() == UdpSettings.Segmentation.SORTED_RUNS;
    this.runs = new SendRun[sorted ? 2 : 1];
    Arrays.setAll(runs, i -> new SendRun(channel));
    this.segmenting =
        settings.segmentation() != UdpSettings.Segmentation.NEVER
            && channel instanceof EpollDatagramChannel
            && EpollDatagramChannel.isSegmentedDatagramPacketSupported();
    channel.pipeline().addLast(new Inbound());
  }

  /**
   * Opens a socket; to be called on the thread of the loop.
   *
   * @param at port number 0 for any free one
   * @throws java.io.UncheckedIOException if the address cannot be had
   */
  public static UdpPort open(EventLoop loop, InetSocketAddress at, UdpSettings settings) {
    Transport transport = Transport.of(loop);
    // One byte more than is taken, so that what is too large can be told from what just fits.
    int bytes = settings.maxDatagramBytes() + 1;
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channelFactory(() -> transport.newDatagramChannel(at))
            .option(ChannelOption.SO_RCVBUF, settings.receiveBufferBytes())
            .option(ChannelOption.SO_SNDBUF, settings.sendBufferBytes())
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WAITING_BYTES)
            .handler(new ChannelInboundHandlerAdapter());
    int batch = Math.clamp(MAX_BATCH_BYTES / bytes, 1, BATCH);
    bootstrap.option(
        ChannelOption.RECVBUF_ALLOCATOR,
        new FixedRecvByteBufAllocator(transport == Transport.EPOLL ? bytes * batch : bytes)
            .maxMessagesPerRead(MAX_READS));
    if (transport == Transport.EPOLL) {
      bootstrap.option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, bytes);
    }
    return new UdpPort((DatagramChannel) Transport.bind(bootstrap, at), settings);
  }

  @Override
  public SendOutcome send(InetSocketAddress to, ByteBuffer datagram) {
    int bytes = datagram.remaining();
    if (!open || bytes == 0 || bytes > maxDatagramBytes || to.isUnresolved()) {
      return SendOutcome.REFUSED;
    }
    if (!channel.isWritable()) {
      pushedBack = true;
      return SendOutcome.BACK_PRESSURE;
    }
    runFor(to, bytes).add(to, datagram);
    takenBytes += bytes;
    gathered++;
    if (gathered == BATCH) {
      flush();
    }
    return SendOutcome.SENT;
  }

  /** The run that a datagram continues, or an empty one. */
  private SendRun runFor(InetSocketAddress to, int bytes) {
    for (SendRun run : runs) {
      if (segmenting && run.isOfSize(bytes)) {
        if (!run.takes(to, bytes)) {
          write(run);
        }
        return run;
      }
    }
    for (SendRun run : runs) {
      if (run.isEmpty()) {
        return run;
      }
    }
    for (SendRun run : runs) {
      if (segmenting && run.takes(to, bytes)) {
        return run;
      }
    }
    // The longer one has the least to gain from being kept open.
    SendRun longest = runs[0];
    for (SendRun run : runs) {
      longest = run.bytes() > longest.bytes() ? run : longest;
    }
    write(longest);
    return longest;
  }

  private void write(SendRun run) {
    int datagrams = run.segments();
    channel
        .write(run.take())
        .addListener((ChannelFutureListener) written -> onWritten(written, datagrams));
  }

  @Override
  public void flush() {
    if (gathered > 0 && open) {
      gathered = 0;
      for (SendRun run : runs) {
        if (!run.isEmpty()) {
          write(run);
        }
      }
      channel.flush();
    }
  }

  @Override
  public long queuedBytes() {
    ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
    if (!open || waiting == null) {
      return kernel.isPresent() ? 0 : -1;
    }
    long inKernel = kernel.map(KernelSocket::queuedBytes).orElse(-1L);
    if (inKernel < 0) {
      return -1;
    }
    long open = 0;
    for (SendRun run : runs) {
      open += run.bytes();
    }
    return inKernel + waiting.totalPendingWriteBytes() + open;
  }

  @Override
  public long takenBytes() {
    return takenBytes;
  }

  @Override
  public long refusedLater() {
    return refusedLater;
  }

  /**
   * Those of {@link #refusedLater} that our own kernel did not take, for no other host's reason.
   */
  public long refusedHere() {
    return refusedHere;
  }

  /**
   * Arrivals that our kernel dropped because they were not read in time, or were damaged; -1 if it
   * does not tell.
   */
  public long droppedArrivals() {
    if (open) {
      droppedArrivals = kernel.map(KernelSocket::droppedArrivals).orElse(-1L);
    }
    return droppedArrivals;
  }

  /** Whether {@link #refusedLater} counts what other hosts refuse; else only our kernel's. */
  public boolean seesRefusals() {
    return seesRefusals;
  }

  /** Arrivals dropped because they were larger than {@link #maxDatagramBytes}. */
  public long droppedTooLarge() {
    return droppedTooLarge;
  }

  /** Bytes that the kernel granted for arrivals; it counts its own overhead in them. */
  public int receiveBufferBytes() {
    return granted(channel.config().getReceiveBufferSize());
  }

  /** Bytes that the kernel granted for what is to leave; it counts its own overhead in them. */
  public int sendBufferBytes() {
    return granted(channel.config().getSendBufferSize());
  }

  /** Linux answers with twice what one asked for (socket(7)). */
  private int granted(int bytes) {
    return kernel.isPresent() ? bytes / 2 : bytes;
  }

  /**
   * Hands over what has arrived, now and not when the loop comes round to it, until nothing is left
   * for a moment; not to be called from a handler.
   *
   * @param most datagrams, about, after which it ends all the same
   */
  public void readNow(int most) {
    if (open && channel instanceof EpollDatagramChannel epoll) {
      readNow((Socket) epoll.fd(), most);
    } else if (open) {
      AbstractNioChannel.NioUnsafe reader = (AbstractNioChannel.NioUnsafe) channel.unsafe();
      long begin = arrived;
      long before;
      do {
        before = arrived;
        reader.read();
      } while (arrived - before >= MAX_READS && arrived - begin < most);
    }
  }

  /** One by one: a read of Netty's goes on for as long as something comes. */
  private void readNow(Socket socket, int most) {
    ByteBuffer buffer = ByteBuffer.allocateDirect(maxDatagramBytes + 1);
    for (int i = 0; i < most && open; i++) {
      try {
        DatagramSocketAddress from = socket.recvFrom(buffer, 0, buffer.capacity());
        if (from == null) {
          return;
        }
        take(from, buffer.slice(0, from.receivedAmount()));
      } catch (IOException refused) {
        // An error that the socket had pending; takeErrors has the datagram that caused it.
        refusedLater += kernel.map(KernelSocket::takeErrors).orElse(0);
      }
    }
  }

  private void take(InetSocketAddress from, ByteBuffer datagram) {
    arrived++;
    if (datagram.remaining() > maxDatagramBytes) {
      droppedTooLarge++;
    } else if (open) {
      handler.onDatagram(from, datagram);
    }
  }

  @Override
  public int maxDatagramBytes() {
    return maxDatagramBytes;
  }

  @Override
  public InetSocketAddress localAddress() {
    return localAddress;
  }

  @Override
  public void handler(Handler handler) {
    this.handler = handler;
  }

  @Override
  public void writableListener(Runnable listener) {
    this.writableListener = listener;
  }

  @Override
  public void close() {
    if (open) {
      droppedArrivals();
      open = false;
      for (SendRun run : runs) {
        run.drop();
      }
      channel.close();
    }
  }

  private void onWritten(ChannelFuture written, int datagrams) {
    if (!open || written.isSuccess()) {
      return;
    }
    refusedLater += datagrams;
    refusedHere += isOfAnotherHost(written.cause()) ? 0 : datagrams;
    boolean asOne = datagrams > 1 && written.cause() instanceof Errors.NativeIoException;
    if (asOne && isAboutSegments((Errors.NativeIoException) written.cause())) {
      segmenting = false;
    }
  }

  /** The news of an earlier datagram, which cost a later one its send call. */
  private static boolean isOfAnotherHost(Throwable failure) {
    if (!(failure instanceof Errors.NativeIoException kernels)) {
      return failure instanceof PortUnreachableException;
    }
    return switch (-kernels.expectedErr()) {
      case ENOPROTOOPT, ENETUNREACH, ECONNREFUSED, EHOSTDOWN, EHOSTUNREACH -> true;
      default -> false;
    };
  }

  /** The path or the card takes no segments, or no such large ones; it may take datagrams. */
  private static boolean isAboutSegments(Errors.NativeIoException failure) {
    return switch (-failure.expectedErr()) {
      case EINVAL, EMSGSIZE, EIO, EOPNOTSUPP -> true;
      default -> false;
    };
  }

  private void tellWritable() {
    if (open && pushedBack && channel.isWritable()) {
      pushedBack = false;
      writableListener.run();
    }
  }

  private final class Inbound extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      DatagramPacket packet = (DatagramPacket) message;
      try {
        take(packet.sender(), packet.content().nioBuffer());
      } finally {
        packet.release();
      }
    }

    /** Runs after every attempt to read, also one that the arrival of an error caused. */
    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      if (open && seesRefusals) {
        refusedLater += kernel.map(KernelSocket::takeErrors).orElse(0);
      }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      if (channel.isWritable()) {
        Escalation.later(loop, UdpPort.this::tellWritable);
      }
    }

    /** An error that the socket had pending; the datagram that caused it is in the error queue. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      if (!(cause instanceof IOException)) {
        Escalation.escalate(cause);
      }
    }
  }
}

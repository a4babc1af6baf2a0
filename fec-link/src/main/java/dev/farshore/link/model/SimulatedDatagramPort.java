package dev.farshore.link.model;

import dev.farshore.link.port.DatagramPort;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;

/** A UDP socket of a simulated process. */
final class SimulatedDatagramPort implements DatagramPort {

  /** As many as one system call takes in the real form. */
  private static final int BATCH = 64;

  private record Gathered(Datagram datagram, SimulatedPath path, boolean leaves) {}

  private final SimulatedNetwork network;
  private final SimulatedHost host;
  private final InetSocketAddress localAddress;
  private final int maxDatagramBytes;
  private final ArrayDeque<Gathered> batch = new ArrayDeque<>(BATCH);
  private Handler handler = (from, datagram) -> {};
  private Runnable writableListener = () -> {};
  private InetSocketAddress lastTo = new InetSocketAddress(0);
  private Optional<SimulatedPath> lastPath = Optional.empty();
  private boolean open = true;
  private boolean pushedBack;
  private long waitingBytes;
  private long takenBytes;
  private long refusedLater;

  SimulatedDatagramPort(
      SimulatedNetwork network,
      SimulatedHost host,
      InetSocketAddress localAddress,
      int maxDatagramBytes) {
    this.network = network;
    this.host = host;
    this.localAddress = localAddress;
    this.maxDatagramBytes = maxDatagramBytes;
  }

  @Override
  public SendOutcome send(InetSocketAddress to, ByteBuffer datagram) {
    int bytes = datagram.remaining();
    Optional<SimulatedPath> path = open ? pathTo(to) : Optional.empty();
    if (path.isEmpty() || bytes == 0 || bytes > maxDatagramBytes) {
      return SendOutcome.REFUSED;
    }
    SimulatedKernel.Verdict verdict = host.kernel().judge(waitingBytes + bytes);
    return switch (verdict) {
      case PUSH_BACK -> pushBack();
      case REFUSE -> SendOutcome.REFUSED;
      case TAKE, REFUSE_LATER -> {
        byte[] copy = new byte[bytes];
        datagram.get(datagram.position(), copy);
        Datagram taken = new Datagram(localAddress, to, copy);
        batch.add(new Gathered(taken, path.get(), verdict == SimulatedKernel.Verdict.TAKE));
        waitingBytes += bytes;
        takenBytes += bytes;
        if (batch.size() == BATCH) {
          flush();
        }
        yield SendOutcome.SENT;
      }
    };
  }

  /** Most datagrams go where the one before went. */
  private Optional<SimulatedPath> pathTo(InetSocketAddress to) {
    if (!to.equals(lastTo) || lastPath.isEmpty()) {
      lastPath = host.pathTo(to);
      lastTo = to;
    }
    return lastPath;
  }

  private SendOutcome pushBack() {
    if (!pushedBack) {
      pushedBack = true;
      long blockedNanos = host.kernel().blockedNanos();
      if (blockedNanos > 0) {
        network.after(blockedNanos, this::tellWritable);
      }
    }
    return SendOutcome.BACK_PRESSURE;
  }

  @Override
  public void flush() {
    while (open && !batch.isEmpty()) {
      Gathered next = batch.remove();
      if (next.leaves()) {
        host.kernel().transmit(this, next.datagram(), next.path());
      } else {
        waitingBytes -= next.datagram().bytes().length;
        next.path().refused(next.datagram());
        network.after(0, this::onRefusedLater);
      }
    }
  }

  /** A datagram has left the host. */
  void onLeft(int bytes) {
    waitingBytes -= bytes;
    boolean half = waitingBytes <= host.kernel().conditions().sendBufferBytes() / 2;
    if (pushedBack && half && host.kernel().blockedNanos() == 0) {
      network.after(0, this::tellWritable);
    }
  }

  private void tellWritable() {
    if (open && pushedBack) {
      pushedBack = false;
      writableListener.run();
    }
  }

  void onRefusedLater() {
    refusedLater++;
  }

  void onDatagram(InetSocketAddress from, ByteBuffer datagram) {
    if (datagram.remaining() <= maxDatagramBytes) {
      handler.onDatagram(from, datagram);
    }
  }

  @Override
  public long queuedBytes() {
    return host.kernel().conditions().queueReadable() ? waitingBytes : -1;
  }

  @Override
  public long takenBytes() {
    return takenBytes;
  }

  @Override
  public long refusedLater() {
    return refusedLater;
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
      die();
      host.forget(this);
    }
  }

  /** The process is gone, and with it what it had not flushed. */
  void die() {
    open = false;
    batch.clear();
  }
}

package dev.farshore.appliance.nbd;

import dev.farshore.appliance.export.ExportDirectory;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * A server without sockets, whose clients are driven by hand. Counts the memory that is in use and
 * keeps what the code throws.
 */
final class Bench {

  /** One client. What the server does not read stays in its line, as it would in the kernel. */
  final class Client {
    private final ArrayDeque<byte[]> line = new ArrayDeque<>();
    private boolean reading = true;
    final EmbeddedChannel channel;

    private Client() {
      channel =
          new EmbeddedChannel(
              new ChannelInitializer<Channel>() {
                @Override
                protected void initChannel(Channel accepted) {
                  accepted.config().setAllocator(allocator);
                  connections.accept(accepted);
                }
              }) {
            @Override
            protected void doWrite(ChannelOutboundBuffer in) throws Exception {
              if (reading) {
                super.doWrite(in);
              }
            }
          };
    }

    Client send(ClientBytes bytes) {
      return send(bytes.bytes());
    }

    Client send(byte[] bytes) {
      line.addLast(bytes);
      run();
      return this;
    }

    /** From now on the client does not take replies; or takes them again. */
    void reading(boolean reads) {
      reading = reads;
      if (reads) {
        channel.flush();
      }
      run();
    }

    private boolean feed() {
      if (line.isEmpty() || !channel.isOpen() || !channel.config().isAutoRead()) {
        return false;
      }
      ByteBuf input = allocator.heapBuffer().writeBytes(line.removeFirst());
      channel.writeInbound(input);
      return true;
    }

    /** Everything that the server has sent since the last call. */
    ServerBytes received() {
      ByteBuf all = Unpooled.buffer();
      for (ByteBuf next = channel.readOutbound(); next != null; next = channel.readOutbound()) {
        all.writeBytes(next);
        next.release();
      }
      return new ServerBytes(all);
    }

    boolean open() {
      return channel.isOpen();
    }

    boolean blocked() {
      return !channel.config().isAutoRead();
    }

    void vanish() {
      channel.close();
      run();
      received();
      clients.remove(this);
    }
  }

  final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(true, true);
  final List<Throwable> thrown = new ArrayList<>();
  final Connections connections;
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final List<Client> clients = new ArrayList<>();

  Bench(ExportDirectory exports, NbdLimits limits) {
    connections = new Connections(exports, limits, tasks::addLast, thrown::add);
  }

  Bench(ExportDirectory exports) {
    this(exports, NbdLimits.DEFAULT);
  }

  Client connect() {
    Client client = new Client();
    clients.add(client);
    run();
    return client;
  }

  /** A client past its handshake, with structured replies and {@code base:allocation}. */
  Client modern(String export) {
    Client client = connect();
    client.send(
        new ClientBytes()
            .flags(ClientBytes.MODERN)
            .option(Protocol.OPT_STRUCTURED_REPLY)
            .setContext(export, Protocol.BASE_ALLOCATION)
            .go(export));
    client.received();
    return client;
  }

  /** A client past its handshake that knows only simple replies. */
  Client simple(String export) {
    Client client = connect();
    client.send(new ClientBytes().flags(ClientBytes.MODERN).go(export));
    client.received();
    return client;
  }

  /** Does everything that is to be done. */
  void run() {
    boolean busy = true;
    while (busy) {
      busy = false;
      for (Runnable task = tasks.pollFirst(); task != null; task = tasks.pollFirst()) {
        task.run();
        busy = true;
      }
      for (Client client : clients) {
        client.channel.runPendingTasks();
        busy |= client.feed();
      }
    }
  }

  /** Bytes of buffers in use. */
  long memory() {
    return allocator.metric().usedDirectMemory() + allocator.metric().usedHeapMemory();
  }
}

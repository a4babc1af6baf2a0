package dev.farshore.emulab.tun;

import dev.farshore.emulab.wan.Direction;
import dev.farshore.emulab.wan.Orders;
import dev.farshore.emulab.wan.Outage;
import dev.farshore.emulab.wan.Wan;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.LinkModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * A running link between two namespaces. The paths belong to their loops; what is here belongs to
 * nobody's loop and may be called from any thread, one call at a time.
 *
 * <p>When the process ends by a signal, it takes away the namespaces that it made.
 */
public final class TunWan implements Wan {

  private final TunSettings settings;
  private final Orders orders;
  private final CompletableFuture<Void> quit = new CompletableFuture<>();
  private final Ends ends = new Ends(new SystemCalls());
  private final Map<Direction, TunPath> paths = new EnumMap<>(Direction.class);

  /**
   * One for both directions: a loop each took a third more processor time, which the programs under
   * test need, and carried no more.
   */
  private Optional<TunLoop> loop = Optional.empty();

  private final Thread atExit = new Thread(this::close, "remove-namespaces");
  private volatile String failure = "";
  private TunReport last;
  private boolean closed;

  private TunWan(TunSettings settings) {
    this.settings = settings;
    orders = new Orders(settings.conditions(), 0, new Link());
  }

  /**
   * Makes what is missing and starts.
   *
   * @throws IllegalArgumentException if the conditions make no sense
   * @throws UncheckedIOException for people, if it cannot be had; nothing is left behind then
   */
  public static TunWan start(TunSettings settings) {
    TunWan wan = new TunWan(settings);
    Runtime.getRuntime().addShutdownHook(wan.atExit);
    boolean open = false;
    try {
      wan.open();
      open = true;
      return wan;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      if (!open) {
        wan.close();
      }
    }
  }

  private synchronized void open() throws IOException {
    ends.requireRights();
    ends.provide(settings.near().namespace());
    ends.provide(settings.far().namespace());
    TunDevice near = ends.device(settings.near().namespace(), settings.device());
    TunDevice far = ends.device(settings.far().namespace(), settings.device());
    TunLoop moving =
        new TunLoop(
            "wan",
            calls -> {
              WarmUp.run(calls, orders.path(Direction.FORWARD).conditions());
              path(Direction.FORWARD, near, far, calls, settings.seed());
              path(Direction.BACKWARD, far, near, calls, ~settings.seed());
              return List.copyOf(paths.values());
            },
            this::lost);
    try {
      near.start(settings.near().address(), settings.far().address(), settings.mtu());
      far.start(settings.far().address(), settings.near().address(), settings.mtu());
      moving.start();
      loop = Optional.of(moving);
    } finally {
      if (loop.isEmpty()) {
        moving.end();
      }
    }
  }

  private void lost(UncheckedIOException device) {
    failure = device.getCause().getMessage();
    quit.completeExceptionally(device);
  }

  private void path(
      Direction direction, TunDevice source, TunDevice target, SystemCalls calls, long seed) {
    LinkModel model = new LinkModel(orders.path(direction).conditions(), seed);
    paths.put(direction, new TunPath(direction, source, target, calls, settings.mtu(), model));
  }

  @Override
  public synchronized String obey(String line) {
    requireOpen();
    return orders.obey(line);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalArgumentException("the link has ended");
    }
  }

  /**
   * Closes both entrances, the forward one first.
   *
   * @param severed whether what is in flight is lost, too
   * @return as {@link System#nanoTime} has it, when the first began to close: what was handed to
   *     its device until then has entered
   * @throws IllegalArgumentException if the link has ended
   */
  public synchronized long cut(boolean severed) {
    requireOpen();
    return ask(
        () -> {
          long nowNanos = System.nanoTime();
          for (TunPath path : paths.values()) {
            if (severed) {
              path.sever();
            } else {
              path.entrance(false);
            }
          }
          return nowNanos;
        });
  }

  @Override
  public String report(boolean json) {
    return json ? report().json() : report().text();
  }

  /** What was passed and dropped since it began, or until it ended. */
  public synchronized TunReport report() {
    if (closed) {
      return last;
    }
    List<TunReport.OneWay> ways = new ArrayList<>();
    paths.forEach(
        (direction, path) -> {
          String conditions = orders.path(direction).toString();
          ways.add(ask(() -> path.report(conditions)));
        });
    return new TunReport(ways, failure);
  }

  /** Processor time that the link has taken since it began, in nanoseconds; while it runs. */
  public long processorNanos() {
    return ask(() -> ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime());
  }

  private <T> T ask(Callable<T> question) {
    return loop.orElseThrow().ask(question);
  }

  @Override
  public boolean isValid() {
    return report().isValid();
  }

  @Override
  public CompletableFuture<Void> quitOrdered() {
    return quit;
  }

  /**
   * Ends it, and takes away the devices and the namespaces that it made.
   *
   * @throws UncheckedIOException if a namespace stays
   */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    last = loop.isEmpty() ? new TunReport(List.of(), failure) : report();
    closed = true;
    loop.ifPresent(TunLoop::end);
    try {
      ends.remove();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      forgetExit();
    }
  }

  private void forgetExit() {
    if (Thread.currentThread() == atExit) {
      return;
    }
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException exiting) {
      // The hook runs, and will find it closed.
      return;
    }
  }

  /** The far side of the orders. */
  private final class Link implements Orders.Link {

    @Override
    public void openEntrance(Direction direction) {
      on(direction, path -> path.entrance(true));
    }

    @Override
    public long closeEntrance(Direction direction) {
      return after(direction, path -> path.entrance(false));
    }

    @Override
    public long sever(Direction direction) {
      return after(direction, TunPath::sever);
    }

    @Override
    public boolean isEntranceOpen(Direction direction) {
      return ask(() -> paths.get(direction).way().isEntranceOpen());
    }

    @Override
    public void change(Direction direction, LinkConditions conditions) {
      on(direction, path -> path.way().change(conditions));
    }

    @Override
    public void schedule(Direction direction, List<Outage> outages) {
      on(direction, path -> path.way().schedule(outages, System.nanoTime()));
    }

    @Override
    public void heal(Direction direction) {
      on(direction, path -> path.way().heal());
    }

    @Override
    public String report(boolean json) {
      return TunWan.this.report(json);
    }

    @Override
    public void quit() {
      quit.complete(null);
    }

    private void on(Direction direction, Consumer<TunPath> action) {
      after(direction, action);
    }

    private long after(Direction direction, Consumer<TunPath> action) {
      return ask(
          () -> {
            action.accept(paths.get(direction));
            return System.nanoTime();
          });
    }
  }
}

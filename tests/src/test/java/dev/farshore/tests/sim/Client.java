package dev.farshore.tests.sim;

import dev.farshore.appliance.export.Export;
import dev.farshore.log.group.VolumeInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * One client: a connection to some export of a site that says that it leads, requests at seeded
 * times, several outstanding, and another connection when that one is gone.
 */
final class Client {
  private static final long RECONNECT_NANOS = 100_000_000;

  private final World world;
  private final Clients clients;
  private final Entropy entropy;
  private Optional<Connection> connection = Optional.empty();
  private long nextNanos;

  /** What it is connected to; requests of a connection that is gone are nobody's any more. */
  private static final class Connection {
    private final SiteProcess process;
    private final int roleChanges;
    private final Export export;
    private final VolumeInfo volume;
    private int outstanding;

    Connection(SiteProcess process, Export export, VolumeInfo volume) {
      this.process = process;
      this.roleChanges = process.roleChanges();
      this.export = export;
      this.volume = volume;
    }

    boolean stands() {
      return process.isAlive() && process.roleChanges() == roleChanges;
    }
  }

  Client(World world, Clients clients, Entropy entropy) {
    this.world = world;
    this.clients = clients;
    this.entropy = entropy;
  }

  long nextNanos() {
    return connection.isPresent() && connection.get().outstanding >= world.scenario().load().depth()
        ? Long.MAX_VALUE
        : nextNanos;
  }

  int outstanding() {
    return connection.filter(Connection::stands).map(c -> c.outstanding).orElse(0);
  }

  /** Makes a request, or a connection. */
  void act(long now) {
    if (connection.isPresent() && !connection.get().stands()) {
      connection = Optional.empty();
    }
    if (connection.isEmpty()) {
      connect();
      nextNanos = now + (connection.isPresent() ? 0 : RECONNECT_NANOS);
      return;
    }
    nextNanos = now + entropy.exponential(world.scenario().load().thinkNanos());
    Connection open = connection.get();
    if (!volumeIsThere(open)) {
      connection = Optional.empty();
    } else {
      open.process.site().run(() -> request(open));
    }
  }

  /** The connection is gone with the process at its other end. */
  void processDied(SiteProcess process) {
    if (connection.isPresent() && connection.get().process == process) {
      connection = Optional.empty();
      nextNanos = world.now() + entropy.exponential(RECONNECT_NANOS);
    }
  }

  private static boolean volumeIsThere(Connection open) {
    return open.process.store().orElseThrow().volume(open.volume.name()).stream()
        .anyMatch(
            now ->
                now.volume() == open.volume.volume() && now.sizeBytes() >= open.volume.sizeBytes());
  }

  private void connect() {
    List<SiteProcess> leaders =
        world.sites().stream()
            .flatMap(site -> site.process().stream())
            .filter(process -> process.node().leads().isPresent())
            .toList();
    if (leaders.isEmpty()) {
      return;
    }
    SiteProcess process = entropy.pick(leaders);
    List<String> names = process.volumeNames();
    if (names.isEmpty()) {
      return;
    }
    String name = entropy.pick(names);
    Export export = process.node().exports().orElseThrow().open(name).orElseThrow();
    VolumeInfo volume = process.store().orElseThrow().volume(name).orElseThrow();
    Violation.unless(
        export.sizeBytes() == volume.sizeBytes() && !export.readOnly(), "N7", () -> name);
    connection = Optional.of(new Connection(process, export, volume));
  }

  private void request(Connection open) {
    Load load = world.scenario().load();
    int cell = world.cells().bytes();
    int cells = (int) (open.volume.sizeBytes() / cell);
    int count = (int) entropy.between(1, Math.min(load.requestCells(), cells));
    long first = entropy.below(cells - count + 1);
    Request.Kind kind = kind(load);
    boolean forced =
        kind != Request.Kind.READ && kind != Request.Kind.FLUSH && entropy.chance(load.fuaShare());
    ByteBuffer data = ByteBuffer.allocate(0);
    if (kind == Request.Kind.WRITE) {
      data = ByteBuffer.allocate(count * cell);
      world.cells().fill(data, clients.newWriteId(), first);
    } else if (kind == Request.Kind.READ) {
      data = ByteBuffer.allocate(count * cell);
    }
    SiteProcess process = open.process;
    long before =
        kind == Request.Kind.FLUSH
            ? world.promises().lastAcked(process.site())
            : process.site().model().lastLsn();
    Request request =
        new Request(
            kind,
            process,
            open.volume,
            first * cell,
            (long) count * cell,
            forced,
            data,
            before,
            new Journal(open));
    open.outstanding++;
    world.trace("request " + kind, process.site().index(), first);
    if (request.changes()) {
      process.changes().add(request);
    }
    submit(open.export, request);
  }

  private Request.Kind kind(Load load) {
    if (entropy.chance(load.readShare())) {
      return Request.Kind.READ;
    }
    if (entropy.chance(load.flushShare())) {
      return Request.Kind.FLUSH;
    }
    return entropy.chance(load.zeroShare())
        ? entropy.pick(List.of(Request.Kind.ZERO, Request.Kind.PUNCH, Request.Kind.TRIM))
        : Request.Kind.WRITE;
  }

  private static void submit(Export export, Request request) {
    switch (request.kind) {
      case READ -> export.read(request.offset, request.data.duplicate(), request);
      case WRITE -> export.write(request.offset, request.data.duplicate(), request.forced, request);
      case ZERO -> export.zero(request.offset, request.length, false, request.forced, request);
      case PUNCH -> export.zero(request.offset, request.length, true, request.forced, request);
      case TRIM -> export.trim(request.offset, request.length, request.forced, request);
      case FLUSH -> export.flush(request);
    }
  }

  /** What this client does with replies; the judging is the world's. */
  private final class Journal implements Request.Journal {
    private final Connection open;

    Journal(Connection open) {
      this.open = open;
    }

    @Override
    public void done(Request request) {
      open.outstanding--;
      clients.done(request);
    }

    @Override
    public void failed(Request request, Export.Failure failure, String reason) {
      open.outstanding--;
      clients.failed(request, failure, reason);
    }
  }
}

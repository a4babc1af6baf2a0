package dev.farshore.tests.sim;

import dev.farshore.appliance.export.Export;
import dev.farshore.log.group.VolumeInfo;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;

/**
 * A client of a mirror's read-only exports: whatever the mirror takes meanwhile, it sees each
 * volume exactly as it was after the record that was the last one when it connected.
 */
final class MirrorReader {
  private static final long THINK_NANOS = 60_000_000;
  private static final long RECONNECT_NANOS = 150_000_000;

  private final World world;
  private final Entropy entropy;
  private Optional<Connection> connection = Optional.empty();
  private long nextNanos;

  /** An export that is open, and what it must show. */
  private static final class Connection {
    private final SiteProcess process;
    private final int roleChanges;
    private final Export export;
    private final VolumeHistory pinned;
    private final long lsn;
    private final int rewrites;
    private int readsLeft;
    private boolean reading;

    Connection(SiteProcess process, Export export, VolumeHistory pinned, long lsn, int readsLeft) {
      this.process = process;
      this.roleChanges = process.roleChanges();
      this.export = export;
      this.pinned = pinned;
      this.lsn = lsn;
      this.rewrites = process.site().oracle().rewrites();
      this.readsLeft = readsLeft;
    }

    boolean stands() {
      return process.isAlive() && process.roleChanges() == roleChanges;
    }
  }

  MirrorReader(World world, Entropy entropy) {
    this.world = world;
    this.entropy = entropy;
    this.nextNanos = entropy.exponential(RECONNECT_NANOS);
  }

  long nextNanos() {
    return nextNanos;
  }

  void act(long now) {
    nextNanos = now + entropy.exponential(connection.isPresent() ? THINK_NANOS : RECONNECT_NANOS);
    if (connection.isEmpty()) {
      connect();
    } else if (!connection.get().stands() || connection.get().readsLeft == 0) {
      disconnect();
    } else if (!connection.get().reading) {
      Connection open = connection.get();
      open.process.site().run(() -> read(open));
    }
  }

  /** What is open at a process that lives is closed, or it would hold back the fold. */
  void disconnect() {
    connection
        .filter(open -> open.process.isAlive())
        .ifPresent(open -> open.process.site().run(open.export::close));
    connection = Optional.empty();
  }

  void processDied(SiteProcess process) {
    connection = connection.filter(open -> open.process != process);
  }

  private void connect() {
    List<SiteProcess> followers =
        world.sites().stream()
            .flatMap(site -> site.process().stream())
            .filter(process -> process.node().leads().isEmpty())
            .filter(process -> !process.volumeNames().isEmpty())
            .toList();
    if (!followers.isEmpty()) {
      SiteProcess process = entropy.pick(followers);
      process.site().run(() -> open(process));
    }
  }

  private void open(SiteProcess process) {
    String name = entropy.pick(process.volumeNames());
    Export export = process.node().exports().orElseThrow().open(name).orElseThrow();
    if (!export.readOnly()) {
      // It has promised to follow, and its role changes in its next round.
      export.close();
      return;
    }
    long lsn = process.store().orElseThrow().lastPinnedLsn();
    LogModel model = process.site().model();
    LogEntry last = model.at(lsn);
    Violation.unless(
        lsn <= model.lastLsn() && (last == null || last.endsAppend()),
        "M2",
        () -> "pinned in the middle of an append: " + lsn);
    Optional<VolumeInfo> volume =
        model.volumesAt(lsn).stream().filter(v -> v.name().equals(name)).findFirst();
    Violation.unless(
        volume.isPresent() && export.sizeBytes() == volume.get().sizeBytes(),
        "M1",
        () ->
            String.format(
                "%s shows %s with %d bytes at lsn %d of %d, where there is %s",
                process.site().name(), name, export.sizeBytes(), lsn, model.lastLsn(), volume));
    VolumeHistory pinned = model.volume(volume.orElseThrow().volume()).copyAt(lsn);
    connection = Optional.of(new Connection(process, export, pinned, lsn, 1 + entropy.below(8)));
  }

  private void read(Connection open) {
    int cell = world.cells().bytes();
    int cells = (int) (open.pinned.sizeAt(open.lsn) / cell);
    int count = (int) entropy.between(1, Math.min(cells, 16));
    int first = entropy.below(cells - count + 1);
    ByteBuffer data = ByteBuffer.allocate(count * cell);
    open.reading = true;
    open.readsLeft--;
    world.trace("request of a mirror", open.process.site().index(), first);
    open.export.read(
        (long) first * cell,
        data.duplicate(),
        new Export.Reply() {
          @Override
          public void done() {
            open.reading = false;
            check(open, first, count, data);
          }

          @Override
          public void failed(Export.Failure failure, String reason) {
            open.reading = false;
            readFailed(open, failure, reason);
          }
        });
  }

  private void check(Connection open, int first, int count, ByteBuffer data) {
    Site site = open.process.site();
    Violation.unless(open.process.isAlive(), "N6", () -> "a dead mirror answers its reader");
    for (int i = 0; i < count; i++) {
      int cell = first + i;
      long value = world.cells().valueAt(data, i * world.cells().bytes(), cell);
      Violation.unless(
          open.pinned.heldBetween(cell, value, open.lsn, open.lsn),
          "M1",
          () ->
              String.format(
                  "%s shows %d in cell %d of volume %d to a reader of lsn %d, which held %d there",
                  site.name(),
                  value,
                  cell,
                  open.pinned.volume,
                  open.lsn,
                  open.pinned.valueAt(cell, open.lsn)));
    }
    if (open.stands() && site.model().lastLsn() > open.lsn) {
      world.rarities().reached(Rare.MIRROR_READ_WHILE_FOLLOWING);
    }
  }

  /** Only a disk that fails, or a state that was cut or replaced, may keep it from seeing. */
  private void readFailed(Connection open, Export.Failure failure, String reason) {
    Site site = open.process.site();
    world.trace("failed request of a mirror " + failure, site.index(), 0);
    Violation.unless(
        site.troubled() || !open.stands() || site.oracle().rewrites() != open.rewrites,
        "A7",
        () -> "a read of " + site.name() + " at lsn " + open.lsn + " failed: " + reason);
    open.readsLeft = 0;
  }
}

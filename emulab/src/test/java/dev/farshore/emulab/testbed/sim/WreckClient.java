package dev.farshore.emulab.testbed.sim;

import dev.farshore.agent.mirror.GroupSnapshot;
import dev.farshore.appliance.export.Export;
import dev.farshore.emulab.testbed.sim.WreckHistory.Change;
import dev.farshore.log.SegmentLog;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Writes, zeroes, trims and flushes, one request after the other, anywhere in a volume. */
final class WreckClient extends Agenda.Actor {
  private static final int SECTOR = 512;
  private static final int BLOCK = 4096;
  private static final int LARGE_BYTES = 1 << 20;

  /** Kinds of requests. */
  enum Kind {
    WRITE,
    LARGE,
    TRIM,
    FLUSH
  }

  /** Told of what a client did. */
  interface Watcher {
    void submitted(Kind kind);

    void answered(Kind kind);
  }

  private final Sites sites;
  private final Lane lane;
  private final WreckHistory history;
  private final SplittableRandom random;
  private final Consumer<Change> judge;
  private final Watcher watcher;
  private final Export export;
  private final long meanPauseNanos;
  private boolean stopped;

  WreckClient(
      Sites sites,
      Lane lane,
      WreckHistory history,
      SplittableRandom random,
      Consumer<Change> judge,
      Watcher watcher,
      long leastPauseNanos) {
    this.sites = sites;
    this.lane = lane;
    this.history = history;
    this.random = random;
    this.judge = judge;
    this.watcher = watcher;
    this.export = lane.west().node().exports().orElseThrow().open(Lane.VOLUME).orElseThrow();
    this.meanPauseNanos = leastPauseNanos + random.nextInt(3) * random.nextLong(5_000_000);
    sites.agenda().join(this);
    sites.agenda().set(this, sites.clock().nowNanos() + random.nextLong(2_000_000));
  }

  void stop() {
    stopped = true;
    sites.agenda().set(this, Long.MAX_VALUE);
  }

  @Override
  void act(long nowNanos) {
    int dice = random.nextInt(40);
    if (dice < 2) {
      Reply reply = new Reply(Kind.FLUSH);
      export.flush(reply);
    } else if (dice < 8) {
      clear(dice);
    } else {
      write(dice < 10 ? Kind.LARGE : Kind.WRITE);
    }
    lane.west().wake();
  }

  private void write(Kind kind) {
    int unit = random.nextInt(4) == 0 ? SECTOR : BLOCK;
    int most = kind == Kind.LARGE ? LARGE_BYTES : 8 * BLOCK;
    int length = kind == Kind.LARGE ? most : unit * (1 + random.nextInt(most / unit));
    long offset = place(unit, length);
    long stamp = history.nextStamp();
    ByteBuffer data = ByteBuffer.allocateDirect(length);
    WreckHistory.put(data, stamp, offset);
    submit(
        kind,
        offset,
        length,
        stamp,
        reply -> export.write(offset, data, random.nextInt(16) == 0, reply));
  }

  private void clear(int dice) {
    int length = SECTOR * (1 + random.nextInt(LARGE_BYTES / SECTOR));
    long offset = place(SECTOR, length);
    boolean hole = random.nextBoolean();
    submit(
        Kind.TRIM,
        offset,
        length,
        0,
        reply -> {
          if (dice % 2 == 0) {
            export.trim(offset, length, false, reply);
          } else {
            export.zero(offset, length, hole, false, reply);
          }
        });
  }

  private long place(int unit, int length) {
    return unit * random.nextLong((export.sizeBytes() - length) / unit + 1);
  }

  /** A request that makes one record, at once. */
  private void submit(Kind kind, long offset, int length, long stamp, Consumer<Reply> request) {
    SegmentLog log = lane.west().node().store().orElseThrow().log();
    long before = log.last().lsn();
    Reply reply = new Reply(kind);
    request.accept(reply);
    if (log.last().lsn() != before + 1) {
      throw new IllegalStateException("a request made " + (log.last().lsn() - before) + " records");
    }
    reply.change = new Change(log.last(), offset, length, stamp);
    history.add(reply.change);
    watcher.submitted(kind);
    if (reply.early) {
      reply.done();
    }
  }

  private final class Reply implements Export.Reply {
    private final Kind kind;
    private Change change;
    private boolean early;

    Reply(Kind kind) {
      this.kind = kind;
    }

    @Override
    public void done() {
      early = change == null && kind != Kind.FLUSH;
      if (early) {
        return;
      }
      long now = sites.clock().nowNanos();
      if (change != null) {
        GroupSnapshot snapshot = lane.west().node().snapshot(now);
        change.answered = true;
        change.degraded = snapshot.degraded();
        judge.accept(change);
      }
      watcher.answered(kind);
      if (!stopped) {
        long pause = (long) (random.nextDouble() * 2 * meanPauseNanos);
        sites.agenda().set(WreckClient.this, now + pause);
      }
    }

    @Override
    public void failed(Export.Failure failure, String reason) {
      if (!stopped) {
        throw new IllegalStateException("a request failed: " + failure + ", " + reason);
      }
    }
  }
}

package dev.farshore.appliance.volume;

import dev.farshore.appliance.export.Export.Failure;
import dev.farshore.appliance.export.Export.Reply;
import dev.farshore.log.LogDamagedException;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.group.VolumeInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reads of a group's volumes, of which some meet a record that this site's disk has lost: these
 * wait until somebody has fetched it from another site, or has found that it cannot be had. Owned
 * by the group's thread.
 */
final class LostReads {

  /** A longer run of lost records cannot be proved, so that nobody need look for its beginning. */
  private static final int MOST_IN_RUN = 1024;

  private final GroupStore store;
  private final Predicate<VolumeInfo> serves;
  private final Runnable wake;
  private final ArrayDeque<Reading> waiting = new ArrayDeque<>();

  /**
   * @param serves whether an opened volume is still there
   * @param wake called when a read begins to wait
   */
  LostReads(GroupStore store, Predicate<VolumeInfo> serves, Runnable wake) {
    this.store = store;
    this.serves = serves;
    this.wake = wake;
  }

  void read(VolumeInfo volume, long offset, ByteBuffer target, Reply reply) {
    new Reading(volume, offset, target, reply).begin();
  }

  int waiting() {
    return waiting.size();
  }

  /**
   * The record that the first of those that wait needs; if what is before it is lost too, the first
   * of these, since only a whole run can be proved.
   */
  Optional<Long> lostLsn() {
    return Optional.ofNullable(waiting.peekFirst()).map(Reading::runFrom);
  }

  /** Reads again what waits. */
  void again() {
    for (int left = waiting.size(); left > 0; left--) {
      waiting.removeFirst().begin();
    }
  }

  /** What waits fails as the disk said. */
  void giveUp() {
    while (!waiting.isEmpty()) {
      waiting.removeFirst().fail();
    }
  }

  private final class Reading implements Completion {
    private final VolumeInfo volume;
    private final long offset;
    private final ByteBuffer target;
    private final Reply reply;
    private LogDamagedException damage;
    private long runFrom;

    Reading(VolumeInfo volume, long offset, ByteBuffer target, Reply reply) {
      this.volume = volume;
      this.offset = offset;
      this.target = target;
      this.reply = reply;
    }

    void begin() {
      if (serves.test(volume)) {
        store.read(volume.volume(), offset, target, this);
      } else {
        reply.failed(Failure.SHUTTING_DOWN, GroupVolumes.gone(volume));
      }
    }

    @Override
    public void done() {
      reply.done();
    }

    @Override
    public void failed(IOException cause) {
      if (cause instanceof LogDamagedException lost && lost.lsn() > 0) {
        damage = lost;
        runFrom = 0;
        waiting.add(this);
        wake.run();
      } else {
        reply.failed(Failure.IO, GroupVolumes.reason(cause));
      }
    }

    void fail() {
      reply.failed(Failure.IO, GroupVolumes.reason(damage));
    }

    /** Looked for once, when the read is the first that waits. */
    long runFrom() {
      if (runFrom == 0) {
        runFrom = damage.lsn();
        while (damage.lsn() - runFrom < MOST_IN_RUN && isLost(runFrom - 1)) {
          runFrom--;
        }
      }
      return runFrom;
    }

    private boolean isLost(long lsn) {
      SegmentLog log = store.log();
      try {
        return lsn >= log.first() && log.positionAt(lsn).isEmpty();
      } catch (LogDamagedException lost) {
        return true;
      } catch (IOException unreadable) {
        // The disk refuses for now: then the run is taken to begin here, and is looked at again
        // when the read is done again.
        return false;
      }
    }
  }
}

package dev.farshore.appliance.volume;

import dev.farshore.appliance.export.Export;
import dev.farshore.log.group.VolumeInfo;
import dev.farshore.log.record.Change;
import java.nio.ByteBuffer;

/**
 * A volume of a group that this site leads, for one connection. Reads show the latest appended
 * bytes at once, whether or not their write was answered yet.
 */
final class VolumeExport implements Export {

  private final GroupVolumes group;
  private final VolumeInfo volume;

  VolumeExport(GroupVolumes group, VolumeInfo volume) {
    this.group = group;
    this.volume = volume;
  }

  @Override
  public String name() {
    return volume.name();
  }

  @Override
  public String description() {
    return "";
  }

  @Override
  public long sizeBytes() {
    return volume.sizeBytes();
  }

  @Override
  public boolean readOnly() {
    return false;
  }

  @Override
  public boolean manyConnections() {
    return true;
  }

  @Override
  public void read(long offset, ByteBuffer target, Reply reply) {
    group.read(volume, offset, target, reply);
  }

  @Override
  public void write(long offset, ByteBuffer data, boolean forceUnitAccess, Reply reply) {
    long bytes = data.remaining();
    group.submit(
        volume, new Change.Write(volume.volume(), offset, data), bytes, forceUnitAccess, reply);
  }

  @Override
  public void zero(
      long offset, long length, boolean mayPunchHole, boolean forceUnitAccess, Reply reply) {
    Change change =
        mayPunchHole
            ? new Change.Trim(volume.volume(), offset, length)
            : new Change.Zero(volume.volume(), offset, length);
    group.submit(volume, change, 0, forceUnitAccess, reply);
  }

  @Override
  public void trim(long offset, long length, boolean forceUnitAccess, Reply reply) {
    Change change = new Change.Trim(volume.volume(), offset, length);
    group.submit(volume, change, 0, forceUnitAccess, reply);
  }

  @Override
  public void flush(Reply reply) {
    group.flush(reply);
  }

  /** {@inheritDoc} The unfolded tail and the base image are as near as they can be. */
  @Override
  public void cache(long offset, long length, Reply reply) {
    reply.done();
  }

  @Override
  public void extents(long offset, long length, int limit, ExtentsReply reply) {
    if (!group.serves(volume)) {
      reply.failed(Failure.SHUTTING_DOWN, GroupVolumes.gone(volume));
      return;
    }
    reply.done(group.store().extents(volume.volume(), offset, length, limit));
  }

  /** {@inheritDoc} Nothing is held for a connection. */
  @Override
  public void close() {}
}

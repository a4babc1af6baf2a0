package dev.farshore.appliance.volume;

import dev.farshore.appliance.export.Export;
import dev.farshore.log.group.PinnedView;
import dev.farshore.log.group.VolumeInfo;
import java.nio.ByteBuffer;

/**
 * A mirror's volume at one LSN, for one connection. Other connections may see another LSN, so a
 * client must not spread its reads over several.
 */
final class PinnedExport implements Export {

  private final PinnedView view;
  private final VolumeInfo volume;

  PinnedExport(PinnedView view, VolumeInfo volume) {
    this.view = view;
    this.volume = volume;
  }

  @Override
  public String name() {
    return volume.name();
  }

  @Override
  public String description() {
    return "mirror, as of LSN " + view.lsn();
  }

  @Override
  public long sizeBytes() {
    return volume.sizeBytes();
  }

  @Override
  public boolean readOnly() {
    return true;
  }

  @Override
  public void read(long offset, ByteBuffer target, Reply reply) {
    view.read(volume.volume(), offset, target, new ReadCompletion(reply));
  }

  @Override
  public void write(long offset, ByteBuffer data, boolean forceUnitAccess, Reply reply) {
    refuse(reply);
  }

  @Override
  public void zero(
      long offset, long length, boolean mayPunchHole, boolean forceUnitAccess, Reply reply) {
    refuse(reply);
  }

  @Override
  public void trim(long offset, long length, boolean forceUnitAccess, Reply reply) {
    refuse(reply);
  }

  /** {@inheritDoc} No write was ever replied to. */
  @Override
  public void flush(Reply reply) {
    reply.done();
  }

  @Override
  public void cache(long offset, long length, Reply reply) {
    reply.done();
  }

  @Override
  public void extents(long offset, long length, int limit, ExtentsReply reply) {
    reply.done(view.extents(volume.volume(), offset, length, limit));
  }

  @Override
  public void close() {
    view.close();
  }

  private static void refuse(Reply reply) {
    reply.failed(Failure.PERMISSION, "this site is a mirror: its volumes are read-only");
  }
}

package dev.farshore.appliance.nbd;

import dev.farshore.appliance.export.Export;
import java.nio.ByteBuffer;

/** An export that is like another but for what a subclass changes. */
class ForwardingExport implements Export {

  private final Export inner;

  ForwardingExport(Export inner) {
    this.inner = inner;
  }

  @Override
  public String name() {
    return inner.name();
  }

  @Override
  public String description() {
    return inner.description();
  }

  @Override
  public long sizeBytes() {
    return inner.sizeBytes();
  }

  @Override
  public boolean readOnly() {
    return inner.readOnly();
  }

  @Override
  public boolean manyConnections() {
    return inner.manyConnections();
  }

  @Override
  public void read(long offset, ByteBuffer target, Reply reply) {
    inner.read(offset, target, reply);
  }

  @Override
  public void write(long offset, ByteBuffer data, boolean forceUnitAccess, Reply reply) {
    inner.write(offset, data, forceUnitAccess, reply);
  }

  @Override
  public void zero(
      long offset, long length, boolean mayPunchHole, boolean forceUnitAccess, Reply reply) {
    inner.zero(offset, length, mayPunchHole, forceUnitAccess, reply);
  }

  @Override
  public void trim(long offset, long length, boolean forceUnitAccess, Reply reply) {
    inner.trim(offset, length, forceUnitAccess, reply);
  }

  @Override
  public void flush(Reply reply) {
    inner.flush(reply);
  }

  @Override
  public void cache(long offset, long length, Reply reply) {
    inner.cache(offset, length, reply);
  }

  @Override
  public void extents(long offset, long length, int limit, ExtentsReply reply) {
    inner.extents(offset, length, limit, reply);
  }

  @Override
  public void close() {
    inner.close();
  }
}

package dev.farshore.appliance.nbd;

import dev.farshore.appliance.export.Export;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;

/** An export whose replies wait until the test lets them go; it acts when it replies. */
final class HeldExport extends ForwardingExport {

  private final ArrayDeque<Runnable> held = new ArrayDeque<>();

  /** Whether a write tells at once that it has its data. */
  boolean takesData;

  HeldExport(Export inner) {
    super(inner);
  }

  int held() {
    return held.size();
  }

  /** Lets everything go that is held, or comes to be held meanwhile. */
  void release() {
    while (!held.isEmpty()) {
      held.removeFirst().run();
    }
  }

  void releaseLast() {
    held.removeLast().run();
  }

  @Override
  public void read(long offset, ByteBuffer target, Reply reply) {
    held.addLast(() -> super.read(offset, target, reply));
  }

  @Override
  public void write(long offset, ByteBuffer data, boolean forceUnitAccess, Reply reply) {
    if (takesData) {
      ByteBuffer copy = ByteBuffer.allocate(data.remaining()).put(data).flip();
      reply.dataTaken();
      held.addLast(() -> super.write(offset, copy, forceUnitAccess, reply));
    } else {
      held.addLast(() -> super.write(offset, data, forceUnitAccess, reply));
    }
  }

  @Override
  public void zero(
      long offset, long length, boolean mayPunchHole, boolean forceUnitAccess, Reply reply) {
    held.addLast(() -> super.zero(offset, length, mayPunchHole, forceUnitAccess, reply));
  }

  @Override
  public void trim(long offset, long length, boolean forceUnitAccess, Reply reply) {
    held.addLast(() -> super.trim(offset, length, forceUnitAccess, reply));
  }

  @Override
  public void flush(Reply reply) {
    held.addLast(() -> super.flush(reply));
  }

  @Override
  public void cache(long offset, long length, Reply reply) {
    held.addLast(() -> super.cache(offset, length, reply));
  }

  @Override
  public void extents(long offset, long length, int limit, ExtentsReply reply) {
    held.addLast(() -> super.extents(offset, length, limit, reply));
  }
}

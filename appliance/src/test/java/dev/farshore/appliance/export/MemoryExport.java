package dev.farshore.appliance.export;

import dev.farshore.log.group.Extent;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A sparse device in memory. Knows for each page whether it is a hole, zeros, or data; replies
 * before the call returns. Counts how often it was closed.
 */
public final class MemoryExport implements Export {

  /** Granule of holes. */
  public static final int PAGE_BYTES = 32 << 10;

  private static final ByteBuffer ABSENT = ByteBuffer.allocate(0);

  private final String name;
  private final long sizeBytes;
  private final boolean readOnly;
  private final ByteBuffer[] pages;
  private final Extent.Kind[] kinds;
  private int closed;
  private int flushes;

  public MemoryExport(String name, long sizeBytes, boolean readOnly) {
    this.name = name;
    this.sizeBytes = sizeBytes;
    this.readOnly = readOnly;
    int count = Math.toIntExact((sizeBytes + PAGE_BYTES - 1) / PAGE_BYTES);
    this.pages = new ByteBuffer[count];
    this.kinds = new Extent.Kind[count];
    for (int i = 0; i < count; i++) {
      pages[i] = ABSENT;
      kinds[i] = Extent.Kind.HOLE;
    }
  }

  public MemoryExport(String name, long sizeBytes) {
    this(name, sizeBytes, false);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String description() {
    return "memory";
  }

  @Override
  public long sizeBytes() {
    return sizeBytes;
  }

  @Override
  public boolean readOnly() {
    return readOnly;
  }

  @Override
  public boolean manyConnections() {
    return true;
  }

  /** How many connections have closed it. */
  public int closed() {
    return closed;
  }

  public int flushes() {
    return flushes;
  }

  /** Contents of a range. */
  public byte[] bytes(long offset, int length) {
    byte[] bytes = new byte[length];
    copyOut(offset, ByteBuffer.wrap(bytes));
    return bytes;
  }

  @Override
  public void read(long offset, ByteBuffer target, Reply reply) {
    copyOut(offset, target);
    reply.done();
  }

  private void copyOut(long offset, ByteBuffer target) {
    long at = offset;
    int from = target.position();
    int end = target.limit();
    while (from < end) {
      int inPage = (int) (at % PAGE_BYTES);
      int now = Math.min(PAGE_BYTES - inPage, end - from);
      ByteBuffer page = pages[(int) (at / PAGE_BYTES)];
      if (page == ABSENT) {
        fillZeros(target, from, now);
      } else {
        target.put(from, page, inPage, now);
      }
      from += now;
      at += now;
    }
    target.position(end);
  }

  @Override
  public void write(long offset, ByteBuffer data, boolean forceUnitAccess, Reply reply) {
    long at = offset;
    int from = data.position();
    int end = data.limit();
    while (from < end) {
      int index = (int) (at / PAGE_BYTES);
      int inPage = (int) (at % PAGE_BYTES);
      int now = Math.min(PAGE_BYTES - inPage, end - from);
      if (pages[index] == ABSENT) {
        pages[index] = ByteBuffer.allocateDirect(PAGE_BYTES);
      }
      kinds[index] = Extent.Kind.DATA;
      pages[index].put(inPage, data, from, now);
      from += now;
      at += now;
    }
    reply.done();
  }

  @Override
  public void zero(
      long offset, long length, boolean mayPunchHole, boolean forceUnitAccess, Reply reply) {
    long at = offset;
    long end = offset + length;
    while (at < end) {
      int index = (int) (at / PAGE_BYTES);
      int inPage = (int) (at % PAGE_BYTES);
      int now = (int) Math.min(PAGE_BYTES - inPage, end - at);
      if (now == PAGE_BYTES || at + now == sizeBytes && inPage == 0) {
        pages[index] = ABSENT;
        kinds[index] = mayPunchHole ? Extent.Kind.HOLE : Extent.Kind.ZERO;
      } else if (pages[index] != ABSENT) {
        fillZeros(pages[index], inPage, now);
      }
      at += now;
    }
    reply.done();
  }

  private static void fillZeros(ByteBuffer target, int from, int length) {
    int at = from;
    while (at < from + length) {
      int now = Math.min(ZEROS.capacity(), from + length - at);
      target.put(at, ZEROS, 0, now);
      at += now;
    }
  }

  private static final ByteBuffer ZEROS = ByteBuffer.allocateDirect(PAGE_BYTES);

  @Override
  public void trim(long offset, long length, boolean forceUnitAccess, Reply reply) {
    zero(offset, length, true, forceUnitAccess, reply);
  }

  @Override
  public void flush(Reply reply) {
    flushes++;
    reply.done();
  }

  @Override
  public void cache(long offset, long length, Reply reply) {
    reply.done();
  }

  @Override
  public void extents(long offset, long length, int limit, ExtentsReply reply) {
    List<Extent> extents = new ArrayList<>();
    long at = offset;
    long end = offset + length;
    while (at < end && extents.size() < limit) {
      Extent.Kind kind = kinds[(int) (at / PAGE_BYTES)];
      long runEnd = at;
      while (runEnd < end && kinds[(int) (runEnd / PAGE_BYTES)] == kind) {
        runEnd = Math.min(end, (runEnd / PAGE_BYTES + 1) * PAGE_BYTES);
      }
      extents.add(new Extent(runEnd - at, kind));
      at = runEnd;
    }
    reply.done(extents);
  }

  @Override
  public void close() {
    closed++;
  }
}

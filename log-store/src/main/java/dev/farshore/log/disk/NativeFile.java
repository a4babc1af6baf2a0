package dev.farshore.log.disk;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What Linux can do with a file and the JDK cannot, on a descriptor of its own.
 *
 * <p>It reads what the kernel holds in memory without ever waiting for the device, with {@code
 * RWF_NOWAIT}, preadv2(2): most reads of a volume are of such bytes, and then a thread that waits
 * for the device costs more than the read. And it makes ranges zeros without writing them,
 * fallocate(2): a trim gives its room back, and zeroing a terabyte is no terabyte of writes.
 *
 * <p>Read and closed by the thread of its disk; cleared by any.
 */
final class NativeFile implements AutoCloseable {
  private static final int O_RDWR_CLOEXEC = 0x80002;
  private static final int RWF_NOWAIT = 8;
  private static final int VECTOR_LENGTH_OFFSET = 8;
  private static final int VECTOR_BYTES = 16;
  private static final int KEEP_SIZE = 1;
  private static final int PUNCH_HOLE = 2;
  private static final int ZERO_RANGE = 16;
  private static final int FADV_DONTNEED = 4;
  private static final int EINTR = 4;
  private static final int ENOSPC = 28;
  private static final int ENOSYS = 38;
  private static final int EOPNOTSUPP = 95;

  private final LinuxCalls calls;
  private final Path file;
  private final int descriptor;
  private final MemorySegment vector = Arena.ofAuto().allocate(VECTOR_BYTES, Long.BYTES);
  private boolean closed;

  private NativeFile(LinuxCalls calls, Path file, int descriptor) {
    this.calls = calls;
    this.file = file;
    this.descriptor = descriptor;
  }

  /** Empty where this cannot be had; then everything is done in the ordinary way. */
  static Optional<NativeFile> of(Path file) {
    return LinuxCalls.linked().flatMap(calls -> open(calls, file));
  }

  private static Optional<NativeFile> open(LinuxCalls calls, Path file) {
    int descriptor = calls.open(file, O_RDWR_CLOEXEC);
    return descriptor < 0 ? Optional.empty() : Optional.of(new NativeFile(calls, file, descriptor));
  }

  /**
   * Reads, if all of it is in memory.
   *
   * @param target filled from its position to its limit, neither of which changes; outside the heap
   * @return false if it has to be read in the ordinary way; the target holds anything then
   */
  boolean readFromMemory(long position, ByteBuffer target) {
    if (closed || !target.isDirect()) {
      return false;
    }
    MemorySegment bytes = MemorySegment.ofBuffer(target);
    vector.set(ValueLayout.JAVA_LONG, 0, bytes.address());
    vector.set(ValueLayout.JAVA_LONG, VECTOR_LENGTH_OFFSET, bytes.byteSize());
    try {
      return calls.preadv2(descriptor, vector, 1, position, RWF_NOWAIT) == bytes.byteSize();
    } finally {
      Reference.reachabilityFence(target);
    }
  }

  /**
   * Makes a range inside the file zeros. Takes as long as the file system does.
   *
   * @return false if the file system cannot do it; then nothing has changed
   */
  synchronized boolean clear(long position, long length, Room room) throws IOException {
    if (closed) {
      // The number of the descriptor may be that of another file by now.
      throw new IOException(file + " was closed");
    }
    int mode = KEEP_SIZE | (room == Room.GIVE_UP ? PUNCH_HOLE : ZERO_RANGE);
    int error;
    do {
      error = calls.fallocate(descriptor, mode, position, length);
    } while (error == EINTR);
    return switch (error) {
      case 0 -> true;
      case ENOSYS, EOPNOTSUPP -> false;
      case ENOSPC -> throw new DiskFullException("disk full: " + file, null);
      default -> throw new IOException("clearing a part of " + file + ": error " + error);
    };
  }

  /** Has the kernel forget the clean pages of the file, posix_fadvise(2). */
  synchronized void dropCache() {
    if (!closed) {
      calls.fadvise(descriptor, 0, 0, FADV_DONTNEED);
    }
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      calls.close(descriptor);
    }
  }
}

package dev.farshore.log.disk;

import dev.farshore.log.disk.DiskThreads.Lane;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** An open file of a {@link RealDisk}; owned by the disk's owner thread. */
final class RealFile implements DiskFile {

  /** One operation as it runs on a thread of the disk. */
  interface Operation {
    void run() throws IOException;
  }

  /** What is in memory is read at once if it is no longer than this: it delays the owner. */
  private static final int AT_ONCE_BYTES = 64 << 10;

  private final RealDisk disk;
  private final String name;
  private final FileChannel channel;
  private final Optional<NativeFile> nativeFile;
  private boolean clears;
  private final boolean writesAtOnce;
  private long size;
  private boolean sizeUnforced;

  RealFile(
      RealDisk disk,
      String name,
      FileChannel channel,
      Optional<NativeFile> nativeFile,
      Disk.Access access)
      throws IOException {
    this.disk = disk;
    this.name = name;
    this.channel = channel;
    this.nativeFile = nativeFile;
    this.clears = nativeFile.isPresent();
    this.writesAtOnce = access == Disk.Access.LOG;
    this.size = channel.size();
    // What an earlier process did to the size may not have been forced.
    this.sizeUnforced = true;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void setSize(long bytes) throws IOException {
    if (bytes < size) {
      channel.truncate(bytes);
    } else if (bytes > size) {
      extend(bytes);
    }
    size = bytes;
    sizeUnforced = true;
  }

  private void extend(long bytes) throws IOException {
    // FileChannel cannot grow a file other than by writing its last byte.
    try {
      writeFully(bytes - 1, ByteBuffer.allocate(1));
    } catch (IOException e) {
      throw disk.explain(e, 1);
    }
  }

  @Override
  public void read(long position, ByteBuffer target, Completion completion) {
    boolean small = target.remaining() <= AT_ONCE_BYTES;
    if (small && nativeFile.isPresent() && nativeFile.get().readFromMemory(position, target)) {
      disk.threads().finished(completion);
      return;
    }
    ByteBuffer window = target.duplicate();
    disk.threads().submit(Lane.DATA, () -> readFully(position, window), completion);
  }

  private void readFully(long position, ByteBuffer target) throws IOException {
    long at = position;
    while (target.hasRemaining()) {
      int count = channel.read(target, at);
      if (count < 0) {
        throw new EOFException(name + " ends before " + (at + target.remaining()));
      }
      at += count;
    }
  }

  @Override
  public void write(long position, ByteBuffer source, Completion completion) {
    ByteBuffer window = source.duplicate();
    int length = window.remaining();
    if (!writesAtOnce) {
      disk.threads()
          .submit(
              Lane.DATA,
              () -> writeExplained(position, window),
              new Growing(position + length, completion));
      return;
    }
    try {
      writeExplained(position, window);
    } catch (IOException e) {
      completion.failed(e);
      return;
    }
    grewTo(position + length);
    completion.done();
  }

  @Override
  public void clear(long position, long length, Room room, Completion completion) {
    if (!clears || length == 0) {
      DiskFile.super.clear(position, length, room, completion);
      return;
    }
    NativeFile file = nativeFile.orElseThrow();
    AtomicBoolean cleared = new AtomicBoolean();
    disk.threads()
        .submit(
            Lane.DATA,
            () -> cleared.set(file.clear(position, length, room)),
            new Completion() {
              @Override
              public void done() {
                if (cleared.get()) {
                  // What has changed is which extents the file has, not only its data.
                  sizeUnforced = true;
                  completion.done();
                  return;
                }
                clears = false;
                clear(position, length, room, completion);
              }

              @Override
              public void failed(IOException cause) {
                completion.failed(cause);
              }
            });
  }

  private void writeExplained(long position, ByteBuffer source) throws IOException {
    int length = source.remaining();
    try {
      writeFully(position, source);
    } catch (IOException e) {
      throw disk.explain(e, length);
    }
  }

  private void writeFully(long position, ByteBuffer source) throws IOException {
    long at = position;
    while (source.hasRemaining()) {
      at += channel.write(source, at);
    }
  }

  private void grewTo(long end) {
    if (end > size) {
      size = end;
      sizeUnforced = true;
    }
  }

  @Override
  public void force(Completion completion) {
    boolean withSize = sizeUnforced;
    sizeUnforced = false;
    disk.threads()
        .submit(
            writesAtOnce ? Lane.LOG_FORCE : Lane.OTHER_FORCE,
            () -> channel.force(withSize),
            completion);
  }

  @Override
  public void distrustCache() throws IOException {
    try {
      // Only clean pages can be dropped.
      channel.force(true);
    } catch (IOException unwritten) {
      // Then they are clean now, and what they held is given up.
      channel.force(true);
    }
    nativeFile.ifPresent(NativeFile::dropCache);
  }

  @Override
  public void close() throws IOException {
    disk.closed(this);
    nativeFile.ifPresent(NativeFile::close);
    channel.close();
  }

  /** Notes the new length on the owner's thread before the caller hears of the write. */
  private final class Growing implements Completion {
    private final long end;
    private final Completion next;

    Growing(long end, Completion next) {
      this.end = end;
      this.next = next;
    }

    @Override
    public void done() {
      grewTo(end);
      next.done();
    }

    @Override
    public void failed(IOException cause) {
      next.failed(cause);
    }
  }
}

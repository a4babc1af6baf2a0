package dev.farshore.log.disk;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A directory of the operating system.
 *
 * <p>Writes to {@link Disk.Access#LOG} files are done on the calling thread; everything else that
 * may wait for the device runs on a few threads of this disk, and comes back through a bounded
 * queue that {@link #poll} drains. Short reads of {@link Disk.Access#RANDOM} files that the
 * operating system holds in memory do not wait: they are done on the calling thread, and complete
 * in the next {@link #poll} too. One owner thread calls everything here; {@code wake} alone is
 * called from the disk's threads too.
 *
 * <p>Interrupting the owner while it writes to a log file closes that file (that is how {@link
 * FileChannel} behaves): do not.
 */
public final class RealDisk implements Disk {

  private final Path directory;
  private final DiskThreads threads;
  private final List<RealFile> open = new ArrayList<>();
  private boolean closed;

  /**
   * @param directory must exist
   * @param wake run after a completion was queued, so that an owner that sleeps can be woken: on a
   *     disk thread, or on the owner's for what was done there; must be quick and not throw
   */
  public RealDisk(Path directory, Runnable wake) throws IOException {
    this.directory = directory.toRealPath();
    if (!Files.isDirectory(this.directory)) {
      throw new java.nio.file.NotDirectoryException(directory.toString());
    }
    this.threads = new DiskThreads(this.directory.getFileName().toString(), wake);
  }

  public Path directory() {
    return directory;
  }

  @Override
  public DiskFile create(String name, Access access) throws IOException {
    return opened(name, access, FileChannel.open(path(name), CREATE_NEW, READ, WRITE));
  }

  @Override
  public DiskFile open(String name, Access access) throws IOException {
    return opened(name, access, FileChannel.open(path(name), READ, WRITE));
  }

  private DiskFile opened(String name, Access access, FileChannel channel) throws IOException {
    // A log is read ahead in large blocks, mostly of what has left the memory.
    Optional<NativeFile> nativeFile =
        access == Access.RANDOM ? NativeFile.of(path(name)) : Optional.empty();
    RealFile file = new RealFile(this, name, channel, nativeFile, access);
    open.add(file);
    return file;
  }

  @Override
  public boolean exists(String name) throws IOException {
    return Files.exists(path(name), LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public List<String> list() throws IOException {
    requireOpen();
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (Files.isRegularFile(entry, LinkOption.NOFOLLOW_LINKS)) {
          names.add(entry.getFileName().toString());
        }
      }
    } catch (java.nio.file.DirectoryIteratorException e) {
      throw e.getCause();
    }
    Collections.sort(names);
    return names;
  }

  @Override
  public void delete(String name) throws IOException {
    Files.delete(path(name));
  }

  @Override
  public void rename(String from, String to) throws IOException {
    Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void forceDirectory() throws IOException {
    requireOpen();
    try (FileChannel channel = FileChannel.open(directory, READ)) {
      channel.force(true);
    }
  }

  @Override
  public long freeBytes() throws IOException {
    return Files.getFileStore(directory).getUsableSpace();
  }

  @Override
  public int poll(long nowNanos) {
    return threads.poll();
  }

  @Override
  public long nextDeadlineNanos() {
    return Long.MAX_VALUE;
  }

  @Override
  public int await() {
    return threads.await();
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    closed = true;
    threads.close();
    for (RealFile file : List.copyOf(open)) {
      file.close();
    }
  }

  DiskThreads threads() {
    return threads;
  }

  void closed(RealFile file) {
    open.remove(file);
  }

  /**
   * Says what a failed write means: the operating system's text for ENOSPC and EDQUOT where it is
   * English, and otherwise whether there is room for what was to be written.
   */
  IOException explain(IOException cause, long bytes) {
    String text = String.valueOf(cause.getMessage());
    if (text.contains("No space left") || text.contains("quota exceeded") || lacksRoom(bytes)) {
      return new DiskFullException("disk full: " + directory, cause);
    }
    return cause;
  }

  private boolean lacksRoom(long bytes) {
    try {
      return freeBytes() < bytes;
    } catch (IOException e) {
      // Not knowing the room is no reason to call the disk full; the first error stands.
      return false;
    }
  }

  private Path path(String name) throws IOException {
    requireOpen();
    if (name.isEmpty() || name.indexOf('/') >= 0 || name.startsWith(".")) {
      throw new IllegalArgumentException("not a plain file name: " + name);
    }
    return directory.resolve(name);
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the disk was closed");
    }
  }
}

package dev.farshore.log.disk;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Exclusive use of a data directory by one process: an advisory lock on the file {@code lock} in
 * it, which holds the process id of the owner in decimal. The operating system lifts the lock when
 * the process ends, however it ends; the file stays.
 */
public final class DirectoryLock implements AutoCloseable {

  public static final String FILE_NAME = "lock";
  private static final int MAX_CONTENT_BYTES = 64;

  /**
   * Directories that this process holds. It must be asked before the file is opened: on POSIX,
   * closing any descriptor of a file lifts every lock that the process has on it.
   */
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel channel;

  private DirectoryLock(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * @param directory must exist
   * @throws DirectoryLockedException if another process, or this one, holds it already
   */
  public static DirectoryLock acquire(Path directory) throws IOException {
    Path real = directory.toRealPath();
    if (!HELD.add(real)) {
      throw new DirectoryLockedException(directory, Optional.of(ProcessHandle.current().pid()));
    }
    boolean held = false;
    try {
      DirectoryLock lock = new DirectoryLock(real, lockFile(real));
      held = true;
      return lock;
    } finally {
      if (!held) {
        HELD.remove(real);
      }
    }
  }

  private static FileChannel lockFile(Path directory) throws IOException {
    FileChannel channel = FileChannel.open(directory.resolve(FILE_NAME), CREATE, READ, WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock == null) {
        throw new DirectoryLockedException(directory, holder(channel));
      }
      byte[] pid = (ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.US_ASCII);
      // Over what is there: on a full disk a file that was emptied may get no room again.
      channel.write(ByteBuffer.wrap(pid), 0);
      channel.truncate(pid.length);
      return channel;
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  private static Optional<Long> holder(FileChannel channel) throws IOException {
    ByteBuffer content = ByteBuffer.allocate(MAX_CONTENT_BYTES);
    channel.read(content, 0);
    String text =
        new String(content.array(), 0, content.position(), StandardCharsets.US_ASCII).strip();
    return text.matches("[0-9]{1,10}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
  }

  /** Gives the directory up. */
  @Override
  public void close() throws IOException {
    channel.close();
    HELD.remove(directory);
  }
}

package dev.farshore.log.chronicle;

import dev.farshore.log.disk.DirectoryLock;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** The directory of one log, in exclusive use by this process. */
final class LogDirectory implements AutoCloseable {

  private static final String SUFFIX = ".chronicle";

  private final Path parent;
  private final Home home;
  private final DirectoryLock lock;

  private LogDirectory(Path parent, Home home, DirectoryLock lock) {
    this.parent = parent;
    this.home = home;
    this.lock = lock;
  }

  static boolean exists(Path parent, String name) {
    return Files.isDirectory(path(parent, name));
  }

  /**
   * @throws NoSuchFileException if there is no such directory
   * @throws dev.farshore.log.disk.DirectoryLockedException if the log is open
   */
  static LogDirectory lock(Path parent, String name) throws IOException {
    Path path = path(parent, name);
    return new LogDirectory(parent, new Home(path), DirectoryLock.acquire(path));
  }

  static LogDirectory create(Path parent, String name) throws IOException {
    Files.createDirectories(path(parent, name));
    return lock(parent, name);
  }

  private static Path path(Path parent, String name) {
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9.~-]{0,99}")) {
      throw new IllegalArgumentException("no name for a log: " + name);
    }
    return parent.resolve(name + SUFFIX);
  }

  Home home() {
    return home;
  }

  /** Makes the directory's own name durable. */
  void force() throws IOException {
    Home.force(parent);
  }

  void rename(String name) throws IOException {
    Files.move(home.directory(), path(parent, name), StandardCopyOption.ATOMIC_MOVE);
    force();
  }

  /**
   * Keeps files of a generation as a log of its own, durably.
   *
   * @param kept all forced
   * @param name how its name begins; what is there already is left alone
   */
  void keepAside(Generation generation, List<Segment> kept, String name) throws IOException {
    String free = name;
    for (int i = 2; exists(parent, free); i++) {
      free = name + "." + i;
    }
    Home aside = new Home(Files.createDirectory(path(parent, free)));
    Path draft = aside.draft(1);
    generation.link(kept, draft);
    Home.force(draft);
    aside.commit(1);
    force();
  }

  /** Fails if the directory holds a log. */
  void requireNoLog() throws IOException {
    if (home.current().isPresent()) {
      throw new FileAlreadyExistsException(home.directory().toString());
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}

package dev.farshore.emulab.tun;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Namespaces that an emulator made and could not take away, because it was killed. Each that is
 * made is written down in {@value #MARKS}: the process that made it, when that was started, and the
 * inode of the namespace. It is a leftover if that inode has the name still and that process is
 * gone; nothing else is touched.
 *
 * <p>May be called from any thread. Two processes that clean at the same time get in each other's
 * way, and one of them says so.
 */
public final class Leftovers {
  private static final String MARKS = "/run/emulab/namespaces";
  private static final Path DIRECTORY = Path.of(MARKS);

  private Leftovers() {}

  /** This process has made it. */
  static void made(Namespace namespace) throws IOException {
    Files.createDirectories(DIRECTORY);
    Files.writeString(
        mark(namespace), ProcessMark.of(ProcessHandle.current()) + "\n" + inode(namespace) + "\n");
  }

  /** It is gone. */
  static void removed(Namespace namespace) throws IOException {
    Files.deleteIfExists(mark(namespace));
  }

  private static Path mark(Namespace namespace) {
    return DIRECTORY.resolve(namespace.name());
  }

  private static String inode(Namespace namespace) throws IOException {
    return Files.getAttribute(namespace.path(), "unix:ino").toString();
  }

  /** Whether a process made it that is gone. */
  static boolean contain(Namespace namespace) throws IOException {
    if (!namespace.exists() || !Files.exists(mark(namespace))) {
      return false;
    }
    List<String> lines = Files.readAllLines(mark(namespace));
    return lines.size() == 2
        && lines.getLast().equals(inode(namespace))
        && ProcessMark.parse(lines.getFirst()).filter(by -> by.process().isEmpty()).isPresent();
  }

  /**
   * Takes away all of them. Programs that still run in one go on, in a namespace without a name.
   *
   * @return their names
   */
  public static List<String> remove() throws IOException {
    List<String> names = new ArrayList<>();
    if (!Files.isDirectory(DIRECTORY)) {
      return names;
    }
    List<Path> marks;
    try (Stream<Path> all = Files.list(DIRECTORY)) {
      marks = all.sorted().toList();
    }
    for (Path each : marks) {
      Namespace namespace = new Namespace(each.getFileName().toString());
      if (contain(namespace)) {
        namespace.remove();
        removed(namespace);
        names.add(namespace.name());
      } else if (!namespace.exists()) {
        removed(namespace);
      }
    }
    return names;
  }
}

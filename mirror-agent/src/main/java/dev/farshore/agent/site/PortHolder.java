package dev.farshore.agent.site;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Finds the process that has a port, as far as Linux tells this user. */
public final class PortHolder {
  private static final int LOCAL_ADDRESS = 1;
  private static final int STATE = 3;
  private static final int INODE = 9;
  private static final String LISTENING = "0A";

  private PortHolder() {}

  /** {@code held by process 4711 (java …)}, or that it cannot be told. */
  public static String describe(int port) {
    return find(port)
        .flatMap(ProcessHandle::of)
        .map(
            process ->
                "held by process "
                    + process.pid()
                    + process.info().commandLine().map(c -> " (" + abbreviated(c) + ")").orElse(""))
        .orElse("held by a process that this user cannot see");
  }

  /** The program and its last arguments: those between say little of a JVM. */
  private static String abbreviated(String command) {
    int length = command.length();
    return length > 120
        ? command.substring(0, 40) + " … " + command.substring(length - 80)
        : command;
  }

  /** The process that listens on a TCP port or has a UDP port. */
  static Optional<Long> find(int port) {
    Set<String> sockets = new HashSet<>();
    for (String table : List.of("tcp", "tcp6", "udp", "udp6")) {
      sockets.addAll(inodes(Path.of("/proc/net", table), port, table.startsWith("tcp")));
    }
    return sockets.isEmpty() ? Optional.empty() : owner(sockets);
  }

  private static Set<String> inodes(Path table, int port, boolean listeningOnly) {
    Set<String> inodes = new HashSet<>();
    String suffix = String.format(Locale.ROOT, ":%04X", port);
    List<String> lines;
    try {
      lines = Files.readAllLines(table);
    } catch (IOException notLinux) {
      return Set.of();
    }
    for (String line : lines) {
      String[] fields = line.strip().split("\\s+");
      if (fields.length > INODE
          && fields[LOCAL_ADDRESS].endsWith(suffix)
          && (!listeningOnly || fields[STATE].equals(LISTENING))) {
        inodes.add("socket:[" + fields[INODE] + "]");
      }
    }
    return inodes;
  }

  private static Optional<Long> owner(Set<String> sockets) {
    return ProcessHandle.allProcesses()
        .map(ProcessHandle::pid)
        .filter(pid -> holds(pid, sockets))
        .findFirst();
  }

  private static boolean holds(long pid, Set<String> sockets) {
    Path directory = Path.of("/proc", Long.toString(pid), "fd");
    try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(directory)) {
      for (Path descriptor : descriptors) {
        if (points(descriptor, sockets)) {
          return true;
        }
      }
    } catch (IOException notOurs) {
      return false;
    }
    return false;
  }

  private static boolean points(Path descriptor, Set<String> sockets) {
    try {
      return sockets.contains(Files.readSymbolicLink(descriptor).toString());
    } catch (IOException closedMeanwhile) {
      return false;
    }
  }
}

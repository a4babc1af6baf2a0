package dev.farshore.emulab.testbed.live;

import dev.farshore.emulab.tun.ProcessMark;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Trials whose process was killed before it could end its agents and remove its directory. The
 * directory of each trial names its processes, the one that runs it first; a trial whose first
 * process is gone is abandoned, and those of the others that still run are ended. Its namespaces
 * are the matter of {@link dev.farshore.emulab.tun.Leftovers}.
 */
final class AbandonedTrials {
  /** Of the directories' names. */
  static final String PREFIX = "emulab-trial-";

  private static final String PROCESSES = "processes";

  private AbandonedTrials() {}

  /** A process is one of the trial in this directory. */
  static void belongs(Path home, long process) throws IOException {
    Optional<ProcessHandle> handle = ProcessHandle.of(process);
    if (handle.isPresent()) {
      Files.writeString(
          home.resolve(PROCESSES),
          ProcessMark.of(handle.get()) + "\n",
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    }
  }

  /** Ends and removes those in this directory. */
  static void remove(Path directory) throws IOException {
    List<Path> homes;
    try (Stream<Path> all = Files.list(directory)) {
      homes = all.filter(one -> one.getFileName().toString().startsWith(PREFIX)).sorted().toList();
    }
    for (Path home : homes) {
      if (Files.exists(home.resolve(PROCESSES))) {
        removeIfAbandoned(home);
      }
    }
  }

  private static void removeIfAbandoned(Path home) throws IOException {
    List<Optional<ProcessMark>> processes =
        Files.readAllLines(home.resolve(PROCESSES)).stream().map(ProcessMark::parse).toList();
    boolean known = !processes.isEmpty() && processes.stream().allMatch(Optional::isPresent);
    if (!known || processes.getFirst().orElseThrow().process().isPresent()) {
      return;
    }
    for (Optional<ProcessMark> mark : processes) {
      Optional<ProcessHandle> running = mark.orElseThrow().process();
      if (running.isPresent()) {
        running.get().destroyForcibly();
        running.get().onExit().join();
      }
    }
    delete(home);
  }

  /** Removes a directory with all that is in it. */
  static void delete(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}

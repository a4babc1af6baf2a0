package dev.farshore.agent.site;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a group's report needs to know of the machine.
 *
 * @param kernelTellsWhatLeft whether the kernel says which datagrams have left the host
 * @param freeBytes of the disk that holds the site's data; empty if that cannot be told
 * @param asides names under which tails of the group's log are kept that it gave up, in order
 */
record HostFacts(boolean kernelTellsWhatLeft, OptionalLong freeBytes, List<String> asides) {
  /** As the roles name what they cut off or replace; a number tells two of one name apart. */
  private static final Pattern ASIDE =
      Pattern.compile("(divergent|replaced|incomplete)-\\d+\\.\\d+\\.\\d+(-\\d+)?(~\\d+)?");

  HostFacts {
    asides = List.copyOf(asides);
  }

  /**
   * Looks at the disk, for a moment.
   *
   * @param data directory of the site
   * @param group its directory
   */
  static HostFacts observe(boolean kernelTellsWhatLeft, Path data, Path group) {
    OptionalLong free = OptionalLong.empty();
    try {
      free = OptionalLong.of(Files.getFileStore(data).getUsableSpace());
      return new HostFacts(kernelTellsWhatLeft, free, asides(group));
    } catch (IOException notTold) {
      return new HostFacts(kernelTellsWhatLeft, free, List.of());
    }
  }

  private static List<String> asides(Path group) throws IOException {
    try (Stream<Path> entries = Files.list(group)) {
      return asidesAmong(entries.map(entry -> entry.getFileName().toString()));
    } catch (NoSuchFileException none) {
      return List.of();
    }
  }

  /** The names of asides, each once, among those of files. */
  static List<String> asidesAmong(Stream<String> files) {
    return files
        .map(ASIDE::matcher)
        .filter(Matcher::lookingAt)
        .map(Matcher::group)
        .distinct()
        .sorted()
        .toList();
  }
}

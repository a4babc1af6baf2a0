package dev.farshore.emulab.testbed.live;

import dev.farshore.agent.config.ConfigException;
import dev.farshore.agent.config.Problems;
import dev.farshore.agent.config.Section;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Three machines for a live trial: this one is the site "west", and reaches the others by {@code
 * ssh} without being asked anything. The file that says so:
 *
 * <pre>
 *   directory = "/local/farshore"    # the repository, on each of them
 *   scratch = "/tmp"                 # for the sites' data
 *   remote-shell = "ssh"             # with its options
 *   west = "10.10.1.1"               # this machine, on its link with wan
 *   [wan]
 *   host = "root@wan"                # for ssh
 *   near = "10.10.1.2"               # on its link with west
 *   far = "10.10.2.2"                # on its link with east
 *   [east]
 *   host = "root@east"
 *   address = "10.10.2.1"            # on its link with wan
 * </pre>
 *
 * @param directory of the repository
 * @param scratch directory for the sites' data
 * @param remoteShell program and options, words separated by spaces
 */
public record Machines(
    Path directory, Path scratch, String remoteShell, String west, Wan wan, East east) {

  /** Where {@code emulab wan} runs. */
  public record Wan(String host, String near, String far) {}

  /** Where the mirror runs. */
  public record East(String host, String address) {}

  /**
   * @throws ConfigException with all that is wrong with it
   */
  public static Machines read(Path file) throws IOException, ConfigException {
    Problems problems = new Problems(file.toString());
    Section root = Section.file(Files.readString(file), problems);
    Section wan = root.section("wan");
    Section east = root.section("east");
    Machines machines =
        new Machines(
            Path.of(root.required("directory")),
            Path.of(root.text("scratch", "/tmp")),
            root.text("remote-shell", "ssh"),
            root.required("west"),
            new Wan(wan.required("host"), wan.required("near"), wan.required("far")),
            new East(east.required("host"), east.required("address")));
    wan.finish();
    east.finish();
    root.finish();
    problems.throwIfAny();
    return machines;
  }
}

package dev.farshore.agent.command;

import com.fasterxml.jackson.databind.JsonNode;
import dev.farshore.agent.config.ConfigException;
import dev.farshore.agent.config.ConfigReader;
import dev.farshore.agent.config.SiteConfig;
import dev.farshore.agent.control.Answer;
import dev.farshore.agent.control.ControlClient;
import dev.farshore.agent.control.Request;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Which running sites a command speaks to. */
final class SiteSelection {
  static final Path DEMO = Path.of("farshore-demo");
  private static final String CONFIG_FILE = "farshore.toml";

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration of the site to speak to.")
  private Path config;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "A directory with one site's farshore.toml, or with a directory for each of several"
              + " sites; ./farshore-demo if nothing is said.")
  private Path data;

  @Option(names = "--socket", paramLabel = "PATH", description = "The site's control socket.")
  private Path socket;

  @Option(
      names = "--site",
      paramLabel = "NAME",
      description = "One of the sites, where there are several.")
  private String site;

  /** A site that may be running. */
  record Site(String name, Path socket) {

    /**
     * Asks it something.
     *
     * @throws IOException if it does not run, or goes away
     */
    Answer<JsonNode> ask(Request request, Consumer<String> progress) throws IOException {
      try (ControlClient client = ControlClient.connect(socket)) {
        return client.ask(request, progress);
      }
    }

    /** Asks, and ends the command if the answer is a refusal or nobody is there. */
    JsonNode demand(Request request, Consumer<String> progress) {
      try {
        return switch (ask(request, progress)) {
          case Answer.Given<JsonNode>(JsonNode result) -> result;
          case Answer.Refused<JsonNode>(Answer.Reason reason, String text) ->
              throw new CommandFailure(ExitCode.of(reason), text);
        };
      } catch (IOException e) {
        throw new CommandFailure(ExitCode.FAILED, silence(e));
      }
    }

    String silence(IOException reason) {
      return "site " + name + " does not answer at " + socket + ": " + reason.getMessage();
    }
  }

  /** The sites that were meant, whether they run or not; at least one. */
  List<Site> sites() {
    List<Site> all = candidates();
    if (site == null) {
      return all;
    }
    List<Site> named = all.stream().filter(each -> each.name().equals(site)).toList();
    if (named.isEmpty()) {
      throw new CommandFailure(ExitCode.NOT_FOUND, "there is no site '" + site + "' here");
    }
    return named;
  }

  private List<Site> candidates() {
    long said = Stream.of(config, data, socket).filter(each -> each != null).count();
    if (said > 1) {
      throw new CommandFailure(ExitCode.USAGE, "say only one of --config, --data and --socket");
    }
    if (socket != null) {
      return List.of(new Site(site == null ? socket.toString() : site, socket));
    }
    if (config != null) {
      return List.of(fromConfig(config));
    }
    Path directory = data == null ? DEMO : data;
    if (Files.exists(directory.resolve(CONFIG_FILE))) {
      return List.of(fromConfig(directory.resolve(CONFIG_FILE)));
    }
    List<Site> sites = new ArrayList<>();
    for (Path file : configsBelow(directory)) {
      sites.add(fromConfig(file));
    }
    if (sites.isEmpty()) {
      throw new CommandFailure(
          ExitCode.NOT_FOUND,
          "no site is known in "
              + directory
              + ": start one first, or name it with --config, --data or --socket");
    }
    return sites;
  }

  private static List<Path> configsBelow(Path directory) {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(directory)) {
      return entries
          .map(entry -> entry.resolve(CONFIG_FILE))
          .filter(Files::exists)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILED, directory + ": " + e.getMessage());
    }
  }

  private static Site fromConfig(Path file) {
    SiteConfig.Site site = read(file).site();
    return new Site(site.name(), site.controlSocket());
  }

  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "there is no such file";
      case AccessDeniedException denied -> "permission denied";
      default -> e.getMessage();
    };
  }

  /** Reads a configuration, or ends the command with what is wrong with it. */
  static SiteConfig read(Path file) {
    try {
      return ConfigReader.read(file);
    } catch (ConfigException e) {
      throw new CommandFailure(ExitCode.USAGE, e.getMessage());
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.USAGE, "cannot read " + file + ": " + reason(e));
    }
  }
}

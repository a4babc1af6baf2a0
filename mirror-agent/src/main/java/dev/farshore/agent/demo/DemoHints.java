package dev.farshore.agent.demo;

import com.fasterxml.jackson.databind.JsonNode;
import dev.farshore.agent.config.DemoConfig;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * What people are told to type.
 *
 * @param command how the command line is called
 * @param directory of the demonstration
 */
record DemoHints(String command, Path directory) {
  private static final Path DEFAULT = Path.of("farshore-demo");

  private String here() {
    return directory.normalize().equals(DEFAULT) ? "" : " --data " + directory;
  }

  String status() {
    return command + " status" + here();
  }

  String promote() {
    return command + " promote " + DemoConfig.GROUP + here();
  }

  String start(DemoSite site) {
    return command + " start --config " + site.configFile();
  }

  /** Where everything is, and what to try next. */
  String welcome(List<DemoSite> sites, Map<String, Long> pids) {
    StringBuilder text = new StringBuilder("\n");
    String writable = "";
    String readable = "";
    long primary = 0;
    for (DemoSite site : sites) {
      Optional<JsonNode> group = site.group();
      String role = group.map(g -> g.path("role").asText()).orElse("not answering");
      boolean leads = role.equals("primary");
      String uri = "nbd://localhost:" + site.nbdPort() + "/" + DemoConfig.VOLUME;
      writable = leads ? uri : writable;
      readable = leads ? readable : uri;
      primary = leads ? pids.getOrDefault(site.name(), 0L) : primary;
      text.append(
          String.format(
              Locale.ROOT,
              "  %-5s %-8s %s  %-9s  process %d, data and log in %s%n",
              site.name(),
              role,
              uri,
              leads ? "writable" : "read-only",
              pids.getOrDefault(site.name(), 0L),
              site.configFile().getParent()));
    }
    text.append("\nTry, in another terminal:\n");
    line(text, "write a disk image", "qemu-img convert -n -O raw YOUR-IMAGE " + writable);
    line(text, "read the mirror", "nbdcopy " + readable + " copy.img");
    line(text, "see how it is", status() + " --watch");
    line(text, "lose the primary", "kill -9 " + primary);
    line(text, "take over", promote());
    line(text, "end all of it", "Ctrl-C here");
    return text.toString();
  }

  private static void line(StringBuilder text, String what, String how) {
    text.append(String.format(Locale.ROOT, "  %-19s %s%n", what + ":", how));
  }
}

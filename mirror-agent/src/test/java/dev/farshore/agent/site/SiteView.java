package dev.farshore.agent.site;

import dev.farshore.agent.command.StatusRun;
import dev.farshore.agent.config.ConfigException;
import dev.farshore.agent.config.ConfigReader;
import dev.farshore.agent.config.DemoConfig;
import dev.farshore.agent.config.SiteConfig;
import dev.farshore.agent.mirror.SimulatedPair;
import dev.farshore.agent.mirror.SimulatedSite;
import dev.farshore.agent.status.GroupStatus;
import dev.farshore.agent.status.Health;
import dev.farshore.agent.status.SiteStatus;
import dev.farshore.link.risk.OpenRisk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** The status of one site of a simulated pair, as its users see it. */
final class SiteView {
  private final SimulatedPair pair;
  private final SimulatedSite site;
  private final SiteConfig config;
  private final FollowerLag lag = new FollowerLag();
  private OptionalLong freeBytes = OptionalLong.of(1L << 40);
  private boolean kernelTells = true;

  /**
   * @param name of the site in the demonstration's configuration
   */
  SiteView(SimulatedPair pair, SimulatedSite site, String name, String quota) {
    this.pair = pair;
    this.site = site;
    try {
      this.config =
          ConfigReader.parse(
              DemoConfig.text(name)
                  + "quota = \""
                  + quota
                  + "\"\nfold-batch = \"1MiB\"\nsegment = \"1MiB\"\n",
              Path.of("/demo/" + name + "/farshore.toml"));
    } catch (ConfigException e) {
      throw new AssertionError(e);
    }
  }

  void free(long bytes) {
    freeBytes = OptionalLong.of(bytes);
  }

  /** The kernel does not say which datagrams have left. */
  void kernelIsSilent() {
    kernelTells = false;
  }

  GroupStatus group() {
    HostFacts host =
        new HostFacts(kernelTells, freeBytes, HostFacts.asidesAmong(site.files().stream()));
    return new GroupReport(
            config, config.groups().getFirst(), site.node(), lag, chance(), pair.now(), host)
        .status();
  }

  private OptionalDouble chance() {
    return site.node().openRisk().stream().mapToDouble(OpenRisk::chance).findFirst();
  }

  Health health() {
    return group().verdict().health();
  }

  /** Runs the command against it. */
  StatusRun run(Path socket) throws IOException {
    SiteStatus status =
        new SiteStatus(
            config.site().name(), config.site().number(), 1, "t", "/d", List.of(group()));
    return StatusRun.of(status, socket);
  }
}

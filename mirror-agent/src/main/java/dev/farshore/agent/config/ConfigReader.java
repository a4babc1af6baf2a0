package dev.farshore.agent.config;

import dev.farshore.agent.config.SiteConfig.Site;
import dev.farshore.link.session.LinkSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.tomlj.TomlPosition;

/** Reads a site's configuration and checks everything that can be checked without running it. */
public final class ConfigReader {
  private static final long FILE_BYTES_MAX = 1 << 20;
  private static final int SITE_NUMBER_MAX = 65535;

  private final Path directory;
  private final Problems problems;

  private ConfigReader(Path directory, Problems problems) {
    this.directory = directory;
    this.problems = problems;
  }

  /**
   * @throws IOException if the file cannot be read
   * @throws ConfigException with every problem that was found
   */
  public static SiteConfig read(Path file) throws IOException, ConfigException {
    if (Files.size(file) > FILE_BYTES_MAX) {
      throw new ConfigException(List.of(file + ": larger than any configuration"));
    }
    return parse(Files.readString(file), file);
  }

  /**
   * @param file whose text it is: for messages, and where relative paths start from
   */
  public static SiteConfig parse(String text, Path file) throws ConfigException {
    Problems problems = new Problems(file.toString());
    Section root = Section.file(text, problems);
    Path directory = file.toAbsolutePath().normalize().getParent();
    SiteConfig config = new ConfigReader(directory, problems).root(root);
    problems.throwIfAny();
    return config;
  }

  private SiteConfig root(Section root) {
    if (!root.has("site")) {
      problems.add(TomlPosition.positionAt(1, 1), "the table [site] is missing");
    }
    Section siteSection = root.section("site");
    Site site = site(siteSection);
    NbdConfig nbd = nbd(root.section("nbd"));
    LinkSettings link = LinkReader.read(root.section("link"));
    List<PeerConfig> peers = peers(root.sections("peer"), site);
    List<GroupConfig> groups = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Section section : root.sections("group")) {
      GroupConfig group = GroupReader.read(section, site, peers, link.code());
      if (!names.add(group.name())) {
        section.report("name", "there is another group '" + group.name() + "'");
      }
      groups.add(group);
    }
    if (!site.listen().isLoopback() && peers.stream().noneMatch(PeerConfig::insecure)) {
      siteSection.report(
          "listen",
          site.listen()
              + " is not a loopback address. Traffic between sites is neither authenticated nor"
              + " encrypted yet; to accept that for a peer, say insecure = true in its [[peer]]");
    }
    root.finish();
    return new SiteConfig(site, nbd, link, peers, groups);
  }

  private Site site(Section section) {
    String name = section.name("name");
    int number = section.requiredNumber("number", 1, SITE_NUMBER_MAX);
    Path data = path(section, "data", null);
    if (!section.has("data")) {
      section.required("data");
    }
    Path home = data == null ? directory : data;
    Address.Internet listen = section.parsed("listen", Defaults.LISTEN, Address::parseInternet);
    Path control = path(section, "control-socket", home.resolve(Defaults.CONTROL_SOCKET));
    section.finish();
    return new Site(name, number, home, listen, control);
  }

  private Path path(Section section, String key, Path absent) {
    return section.parsed(key, absent, text -> directory.resolve(text).normalize());
  }

  private NbdConfig nbd(Section section) {
    boolean insecure = section.flag("insecure", false);
    List<Address> listen = Defaults.NBD_LISTEN;
    if (section.has("listen")) {
      listen = new ArrayList<>();
      for (String text : section.list("listen", String.class, List.of())) {
        nbdAddress(section, text, insecure).ifPresent(listen::add);
      }
    }
    section.finish();
    return new NbdConfig(listen, insecure);
  }

  private Optional<Address> nbdAddress(Section section, String text, boolean insecure) {
    try {
      Address address = Address.parse(text, directory);
      if (address instanceof Address.Internet internet && !internet.isLoopback() && !insecure) {
        section.report(
            "listen",
            text
                + " is not a loopback address. NBD clients are neither authenticated nor encrypted;"
                + " to accept that, say insecure = true in [nbd]");
      }
      return Optional.of(address);
    } catch (IllegalArgumentException e) {
      section.report("listen", e.getMessage());
      return Optional.empty();
    }
  }

  private List<PeerConfig> peers(List<Section> sections, Site site) {
    List<PeerConfig> peers = new ArrayList<>();
    Set<String> names = new HashSet<>(Set.of(site.name()));
    Set<Integer> numbers = new HashSet<>(Set.of(site.number()));
    for (Section section : sections) {
      PeerConfig peer = peer(section);
      if (!names.add(peer.name())) {
        section.report("name", "there is another site '" + peer.name() + "'");
      }
      if (!numbers.add(peer.number())) {
        section.report("number", "there is another site with number " + peer.number());
      }
      peers.add(peer);
    }
    return peers;
  }

  private static PeerConfig peer(Section section) {
    String name = section.name("name");
    int number = section.requiredNumber("number", 1, SITE_NUMBER_MAX);
    section.required("address");
    Address.Internet address = section.parsed("address", Defaults.LISTEN, Address::parseInternet);
    boolean insecure = section.flag("insecure", false);
    if (!insecure && !address.isLoopback()) {
      section.report(
          "address",
          address
              + " is not a loopback address. Traffic between sites is neither authenticated nor"
              + " encrypted yet; to accept that for this peer, say insecure = true");
    }
    section.finish();
    return new PeerConfig(name, number, address, insecure);
  }
}

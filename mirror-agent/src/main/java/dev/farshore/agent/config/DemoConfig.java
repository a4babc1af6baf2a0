package dev.farshore.agent.config;

import java.util.List;

/**
 * The two sites that {@code start} without a configuration runs on this machine. Each is an
 * ordinary site with an ordinary configuration file, which is written at the first start and can be
 * changed afterwards.
 */
public final class DemoConfig {
  /** The one group, and the one volume in it. */
  public static final String GROUP = "demo";

  public static final String VOLUME = "demo";
  public static final long VOLUME_BYTES = 1L << 30;

  /** The sites: the first one leads at first. */
  public static final List<String> SITES = List.of("west", "east");

  private static final int NBD_PORT = 10809;
  private static final int LINK_PORT = 7601;

  private DemoConfig() {}

  /** Port where the site's volumes are served. */
  public static int nbdPort(String site) {
    return NBD_PORT + SITES.indexOf(site);
  }

  /** The text of a site's configuration file. */
  public static String text(String site) {
    int own = SITES.indexOf(site);
    int other = 1 - own;
    return """
    # One of the two sites of the demonstration. `mirror-agent config show --config FILE` prints
    # every value that is in force.

    [site]
    name = "%s"
    number = %d
    data = "data"
    listen = "127.0.0.1:%d"

    [nbd]
    listen = ["127.0.0.1:%d"]

    [[peer]]
    name = "%s"
    number = %d
    address = "127.0.0.1:%d"

    [[group]]
    name = "%s"
    peer = "%s"
    first-primary = "%s"
    mode = "network"
    # So that either site can be killed and the other goes on; status says what that costs.
    on-exposure = "degrade"
    max-at-risk-time = "10s"
    start-wait = "5s"
    """
        .formatted(
            site,
            own + 1,
            LINK_PORT + own,
            nbdPort(site),
            SITES.get(other),
            other + 1,
            LINK_PORT + other,
            GROUP,
            SITES.get(other),
            SITES.getFirst());
  }
}

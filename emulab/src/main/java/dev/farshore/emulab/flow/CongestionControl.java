package dev.farshore.emulab.flow;

import dev.farshore.emulab.tun.TunSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Which congestion controls this kernel has, and which one is used. */
public final class CongestionControl {
  private static final Path SETTINGS = Path.of("/proc/sys/net/ipv4");

  private CongestionControl() {}

  /** Their names as the kernel says them: {@code reno cubic bbr}. */
  public static List<String> available() throws IOException {
    String names = Files.readString(SETTINGS.resolve("tcp_available_congestion_control"));
    return List.of(names.strip().split("\\s+"));
  }

  /**
   * Every connection that is made from now on, forward over a link, uses it. It is said of the
   * route: the setting of a namespace takes only what an unprivileged program may choose.
   *
   * @throws IOException for people, if the kernel does not have it
   */
  public static void choose(TunSettings link, String name) throws IOException {
    if (!available().contains(name)) {
      throw new IOException(
          "this kernel has no congestion control '" + name + "', only " + available());
    }
    link.near()
        .namespace()
        .ip("route", "replace", link.far().address(), "dev", link.device(), "congctl", name);
  }
}

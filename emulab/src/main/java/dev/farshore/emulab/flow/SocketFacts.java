package dev.farshore.emulab.flow;

import dev.farshore.emulab.tun.Namespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the kernel says of a TCP connection that sends ({@code ss -ti}, which is {@code TCP_INFO}).
 *
 * @param values by name as {@code ss} prints them, with what it puts behind the colon
 */
public record SocketFacts(Map<String, String> values) {
  private static final Pattern NUMBER = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)([KMG]?)(.*)");
  private static final Pattern MODEL = Pattern.compile("bw:([0-9.]+)([KMG]?)bps");

  /**
   * Of the one connection from a namespace to an address.
   *
   * @throws IOException if {@code ss} of iproute2 cannot be run
   */
  public static SocketFacts of(Namespace namespace, String peer) throws IOException {
    List<String> command = List.of("ss", "-tinH", "state", "established", "dst", peer);
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    Process ss = namespace.in(builder::start);
    return parse(new String(ss.getInputStream().readAllBytes(), StandardCharsets.UTF_8));
  }

  /** Reads what {@code ss -tinH} printed of one connection. */
  static SocketFacts parse(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String word : text.strip().split("\\s+")) {
      int colon = word.indexOf(':');
      if (colon > 0) {
        values.putIfAbsent(word.substring(0, colon), word.substring(colon + 1));
      }
    }
    return new SocketFacts(values);
  }

  /** A number, without its unit; empty if {@code ss} does not say it, as it does with zeros. */
  public OptionalDouble number(String name) {
    Matcher matcher = NUMBER.matcher(values.getOrDefault(name, ""));
    return matcher.matches()
        ? OptionalDouble.of(Double.parseDouble(matcher.group(1)))
        : OptionalDouble.empty();
  }

  /** How much a counter has grown since then. */
  public double since(SocketFacts earlier, String name) {
    return count(name) - earlier.count(name);
  }

  /** Segments that it takes to be in the network, as it compares them with its window. */
  public double segmentsInFlight() {
    return count("unacked") - count("sacked") - count("lost") + count("retrans");
  }

  private double count(String name) {
    return number(name).orElse(0);
  }

  /** What BBR believes that the path carries, bits a second. */
  public OptionalDouble modelBitsPerSecond() {
    Matcher matcher = MODEL.matcher(Optional.ofNullable(values.get("bbr")).orElse(""));
    if (!matcher.find()) {
      return OptionalDouble.empty();
    }
    double factor =
        switch (matcher.group(2)) {
          case "K" -> 1e3;
          case "M" -> 1e6;
          case "G" -> 1e9;
          default -> 1;
        };
    return OptionalDouble.of(Double.parseDouble(matcher.group(1)) * factor);
  }
}

package dev.farshore.agent.config;

import dev.farshore.link.session.CodeSettings;
import dev.farshore.link.session.LinkSettings;
import java.util.ArrayList;
import java.util.List;

/** Reads the table {@code [link]}. */
final class LinkReader {
  private static final long SECOND = 1_000_000_000L;

  /** Which code; the words of {@code link.code}. */
  enum Code {
    LAYERED,
    REED_SOLOMON,
    NONE
  }

  private LinkReader() {}

  static LinkSettings read(Section section) {
    CodeSettings code = code(section);
    long burst = section.quantity("burst", Quantity.DURATION, Defaults.BURST_NANOS, 0, 10 * SECOND);
    long flush =
        section.quantity("flush", Quantity.DURATION, Defaults.FLUSH_NANOS, 1000, 10 * SECOND);
    long rate =
        section.quantity("rate", Quantity.RATE, Defaults.RATE_BITS, 100_000, 400 * 1_000_000_000L);
    long datagram =
        section.quantity("datagram", Quantity.SIZE, Defaults.DATAGRAM_BYTES, 500, 65_000);
    long window =
        section.quantity("window", Quantity.SIZE, Defaults.WINDOW_BYTES, 64 << 10, 1 << 30);
    section.finish();
    return settings(section, code, burst, flush, rate, datagram, window);
  }

  private static LinkSettings settings(
      Section section,
      CodeSettings code,
      long burst,
      long flush,
      long rate,
      long datagram,
      long window) {
    try {
      return new LinkSettings(code, burst, flush, rate, (int) datagram, (int) window);
    } catch (IllegalArgumentException e) {
      section.report("code", e.getMessage());
      return new LinkSettings(
          new CodeSettings.None(),
          Defaults.BURST_NANOS,
          Defaults.FLUSH_NANOS,
          Defaults.RATE_BITS,
          (int) Defaults.DATAGRAM_BYTES,
          (int) Defaults.WINDOW_BYTES);
    }
  }

  private static CodeSettings code(Section section) {
    Code code = section.word("code", Code.LAYERED);
    if (code == Code.NONE) {
      for (String key : List.of("data", "repair", "interleave")) {
        section.refuse(key, "has no meaning for code = \"none\"");
      }
      return new CodeSettings.None();
    }
    section.refuse(
        code == Code.LAYERED ? "repair" : "interleave",
        "has no meaning for code = \"" + Section.wordOf(code) + "\"");
    int data = section.number("data", Defaults.DATA_PACKETS, 1, 255);
    try {
      if (code == Code.REED_SOLOMON) {
        int repair = section.number("repair", Defaults.REPAIR_PACKETS, 1, 255);
        return new CodeSettings.ReedSolomon(data, repair);
      }
      return new CodeSettings.Layered(data, interleave(section));
    } catch (IllegalArgumentException e) {
      section.report("code", e.getMessage());
      return new CodeSettings.None();
    }
  }

  private static List<Integer> interleave(Section section) {
    if (!section.has("interleave")) {
      return Defaults.INTERLEAVE;
    }
    List<Integer> strides = new ArrayList<>();
    for (long stride : section.list("interleave", Long.class, List.of())) {
      if (stride < 1 || stride > 100_000) {
        section.report("interleave", stride + " is not in 1 to 100000");
        return Defaults.INTERLEAVE;
      }
      strides.add((int) stride);
    }
    if (strides.isEmpty() || !strides.equals(strides.stream().sorted().distinct().toList())) {
      section.report("interleave", "must be strides in ascending order, at least one");
      return Defaults.INTERLEAVE;
    }
    return strides;
  }
}

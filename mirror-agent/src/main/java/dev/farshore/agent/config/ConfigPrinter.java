package dev.farshore.agent.config;

import dev.farshore.link.session.CodeSettings;
import dev.farshore.link.session.LinkSettings;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Writes a configuration as TOML with every value in it, the ones that come from {@link Defaults}
 * too. {@link ConfigReader} reads the same configuration back.
 */
public final class ConfigPrinter {
  private final StringBuilder out = new StringBuilder();

  private ConfigPrinter() {}

  public static String print(SiteConfig config) {
    ConfigPrinter printer = new ConfigPrinter();
    printer.site(config);
    printer.link(config.link());
    config.peers().forEach(printer::peer);
    config.groups().forEach(group -> printer.group(group, config.link().code().levels()));
    return printer.out.toString();
  }

  private void site(SiteConfig config) {
    SiteConfig.Site site = config.site();
    out.append("[site]\n");
    text("name", site.name());
    raw("number", site.number());
    text("data", site.data());
    text("listen", site.listen());
    text("control-socket", site.controlSocket());
    out.append("\n[nbd]\n");
    raw(
        "listen",
        config.nbd().listen().stream()
            .map(address -> quoted(address.toString()))
            .collect(Collectors.joining(", ", "[", "]")));
    raw("insecure", config.nbd().insecure());
  }

  private void link(LinkSettings link) {
    out.append("\n[link]\n");
    switch (link.code()) {
      case CodeSettings.None none -> text("code", Section.wordOf(LinkReader.Code.NONE));
      case CodeSettings.Layered layered -> {
        text("code", Section.wordOf(LinkReader.Code.LAYERED));
        raw("data", layered.data());
        raw("interleave", List.copyOf(layered.interleave()));
      }
      case CodeSettings.ReedSolomon code -> {
        text("code", Section.wordOf(LinkReader.Code.REED_SOLOMON));
        raw("data", code.data());
        raw("repair", code.repair());
      }
    }
    text("burst", Quantity.DURATION.exact(link.burstNanos()));
    text("flush", Quantity.DURATION.exact(link.flushNanos()));
    text("rate", Quantity.RATE.exact(link.rateBitsPerSecond()));
    text("datagram", Quantity.SIZE.exact(link.datagramBytes()));
    text("window", Quantity.SIZE.exact(link.windowBytes()));
  }

  private void peer(PeerConfig peer) {
    out.append("\n[[peer]]\n");
    text("name", peer.name());
    raw("number", peer.number());
    text("address", peer.address());
    raw("insecure", peer.insecure());
  }

  private void group(GroupConfig group, int levels) {
    out.append("\n[[group]]\n");
    text("name", group.name());
    text("peer", group.peer());
    text("first-primary", group.firstPrimary());
    text("mode", Section.wordOf(group.promise().mode()));
    int coverage = group.promise().coverage();
    raw("coverage", coverage == levels ? "\"full\"" : coverage);
    text("max-at-risk", Quantity.SIZE.exact(group.exposure().maxBytes()));
    text("max-at-risk-time", Quantity.DURATION.exact(group.exposure().maxNanos()));
    text("on-exposure", Section.wordOf(group.exposure().beyond()));
    text("store", Section.wordOf(group.storage().store()));
    text("segment", Quantity.SIZE.exact(group.storage().segmentBytes()));
    text("fold-batch", Quantity.SIZE.exact(group.storage().foldBatchBytes()));
    text("fold-delay", Quantity.DURATION.exact(group.storage().foldDelayNanos()));
    text("quota", Quantity.SIZE.exact(group.storage().quotaBytes()));
    text("on-quota", Section.wordOf(group.storage().beyond()));
    text("start-wait", Quantity.DURATION.exact(group.patience().startWaitNanos()));
    text("drain", Quantity.DURATION.exact(group.patience().drainNanos()));
  }

  private void text(String key, Object value) {
    raw(key, quoted(value.toString()));
  }

  private void raw(String key, Object value) {
    out.append(key).append(" = ").append(value).append('\n');
  }

  private static String quoted(String value) {
    StringBuilder text = new StringBuilder("\"");
    value
        .codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                text.append('\\').appendCodePoint(c);
              } else if (c < 0x20 || c == 0x7f) {
                text.append(String.format("\\u%04x", c));
              } else {
                text.appendCodePoint(c);
              }
            });
    return text.append('"').toString();
  }
}

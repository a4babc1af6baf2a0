package dev.farshore.agent.config;

import dev.farshore.agent.config.GroupConfig.Exposure;
import dev.farshore.agent.config.GroupConfig.Mode;
import dev.farshore.agent.config.GroupConfig.Patience;
import dev.farshore.agent.config.GroupConfig.Promise;
import dev.farshore.agent.config.GroupConfig.Storage;
import dev.farshore.link.session.CodeSettings;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads a table {@code [[group]]}. */
final class GroupReader {
  private static final long SECOND = 1_000_000_000L;
  private static final long HOUR = 3600 * SECOND;
  private static final long MIB = 1L << 20;
  private static final long TIB = 1L << 40;
  private static final int BLOCK_BYTES = 4096;
  private static final String FULL = "full";

  private GroupReader() {}

  static GroupConfig read(
      Section section, SiteConfig.Site site, List<PeerConfig> peers, CodeSettings code) {
    String name = section.name("name");
    Set<String> others = new LinkedHashSet<>();
    peers.forEach(peer -> others.add(peer.name()));
    String peer = oneOf(section, "peer", others);
    Set<String> sites = new LinkedHashSet<>(others);
    sites.add(site.name());
    String firstPrimary = oneOf(section, "first-primary", sites);
    Promise promise = promise(section, code);
    Exposure exposure = exposure(section);
    Storage storage = storage(section);
    Patience patience = patience(section);
    section.finish();
    if (!firstPrimary.equals(site.name()) && !firstPrimary.equals(peer)) {
      section.report("first-primary", "must be '" + site.name() + "' or '" + peer + "'");
    }
    return new GroupConfig(name, peer, firstPrimary, promise, exposure, storage, patience);
  }

  private static String oneOf(Section section, String key, Set<String> names) {
    String name = section.required(key);
    if (section.has(key) && !names.contains(name)) {
      section.report(
          key, "there is no site '" + name + "' here; known: " + String.join(", ", names));
    }
    return name;
  }

  private static Promise promise(Section section, CodeSettings code) {
    Mode mode = section.word("mode", Defaults.MODE);
    int levels = code.levels();
    if (!section.has("coverage")) {
      return new Promise(mode, levels);
    }
    if (section.isNumber("coverage")) {
      return new Promise(mode, section.number("coverage", levels, Math.min(1, levels), levels));
    }
    if (!section.text("coverage", FULL).equals(FULL)) {
      section.report(
          "coverage",
          "must be \"full\", or how many of the code's "
              + levels
              + " layers must have left, like 1");
    }
    return new Promise(mode, levels);
  }

  private static Exposure exposure(Section section) {
    Exposure absent = Defaults.EXPOSURE;
    return new Exposure(
        section.quantity("max-at-risk", Quantity.SIZE, absent.maxBytes(), MIB, TIB),
        section.quantity(
            "max-at-risk-time", Quantity.DURATION, absent.maxNanos(), SECOND / 10, 1000 * HOUR),
        section.word("on-exposure", absent.beyond()));
  }

  private static Storage storage(Section section) {
    Storage absent = Defaults.STORAGE;
    Storage storage =
        new Storage(
            section.word("store", absent.store()),
            segmentBytes(section, absent.segmentBytes()),
            section.quantity("fold-batch", Quantity.SIZE, absent.foldBatchBytes(), MIB, 1024 * MIB),
            section.quantity("fold-delay", Quantity.DURATION, absent.foldDelayNanos(), 0, HOUR),
            section.quantity("quota", Quantity.SIZE, absent.quotaBytes(), 4 * MIB, 1024 * TIB),
            section.word("on-quota", absent.beyond()));
    if (storage.quotaBytes() < storage.foldBatchBytes() + 4L * storage.segmentBytes()) {
      section.report("quota", "must hold a fold-batch and four segments at least");
    }
    return storage;
  }

  private static int segmentBytes(Section section, int absent) {
    long bytes = section.quantity("segment", Quantity.SIZE, absent, MIB, 512 * MIB);
    if (bytes % BLOCK_BYTES != 0) {
      section.report("segment", "must be a multiple of 4KiB");
      return absent;
    }
    return (int) bytes;
  }

  private static Patience patience(Section section) {
    Patience absent = Defaults.PATIENCE;
    return new Patience(
        section.quantity("start-wait", Quantity.DURATION, absent.startWaitNanos(), 0, 24 * HOUR),
        section.quantity("drain", Quantity.DURATION, absent.drainNanos(), 0, HOUR));
  }
}

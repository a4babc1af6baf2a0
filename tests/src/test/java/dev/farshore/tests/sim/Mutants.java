package dev.farshore.tests.sim;

import java.nio.file.Path;
import java.util.List;

/**
 * The product, broken on purpose in one place each: what a hurried change could do to it. Each must
 * be killed by the simulation, or the simulation would not notice such a change.
 */
final class Mutants {
  private static final String AGENT = "mirror-agent/src/main/java/dev/farshore/agent/mirror/";
  private static final String VOLUMES = "appliance/src/main/java/dev/farshore/appliance/volume/";
  private static final String LOG = "log-store/src/main/java/dev/farshore/log/file/";
  private static final String LINK = "fec-link/src/main/java/dev/farshore/link/session/";

  private Mutants() {}

  /**
   * @param seeds some that are known to kill it, quickest first
   */
  record Target(Mutant mutant, List<Long> seeds) {}

  static List<Target> all() {
    return List.of(
        target(
            "acknowledge before covered",
            List.of(7L, 8L),
            AGENT + "Protection.java",
            "Math.min(now.appended(), now.covered())",
            "Math.min(now.appended(), now.sent())"),
        target(
            "acknowledge before the mirror's force",
            List.of(1L),
            AGENT + "MirrorReceiver.java",
            "new Report(store.log().last().lsn(), store.log().forced())",
            "new Report(store.log().last().lsn(), store.log().last().lsn())"),
        target(
            "flush reply before force",
            List.of(4L),
            VOLUMES + "AckGate.java",
            "long durable = Math.min(limit, now.forced());",
            "long durable = limit;"),
        target(
            "fence before drain",
            List.of(6L, 9L),
            AGENT + "Promotion.java",
            "return step == PromotionStep.FORCING || step == PromotionStep.DONE;",
            "return step != PromotionStep.ASKING_PRIMARY;"),
        target(
            "reuse an LSN after a power cut: the epoch stays when no mirror answers",
            List.of(4L),
            AGENT + "Primary.java",
            "leadership.write(leadership.now().leading(leadership.now().leads().restarted()));",
            ""),
        target(
            "reuse an LSN after a power cut: the mirror is not asked",
            List.of(4L, 8L),
            AGENT + "Primary.java",
            "settings.peer().isEmpty() || atOnce ? LeadPhase.FORCING",
            "settings.peer().isPresent() || atOnce ? LeadPhase.FORCING"),
        target(
            "truncate at a bad CRC",
            List.of(63L),
            LOG + "TailScan.java",
            "    if (position.lsn() < forced || unreadable) {",
            "    forced = Math.min(forced, appendEnd);\n    if (unreadable) {"),
        target(
            "believe a force after a failed one",
            List.of(10L, 18L),
            LOG + "TailWriter.java",
            "      segments.forEach(Segment::release);\n      poison(cause);",
            "      segments.forEach(Segment::release);\n"
                + "      segments.forEach(TailWriter.this::needsForce);"),
        target(
            "skip the directory force",
            List.of(4L, 1L),
            LOG + "Preparation.java",
            "      supply.disk().forceDirectory();\n",
            ""),
        target(
            "apply past a gap",
            List.of(8L),
            LINK + "ReceiveWindow.java",
            "    long before = next;\n    while (isHere(next)) {",
            """
                long before = next;
                long found = firstHere(next, hereEnd);
                if (found > next && found < hereEnd) {
                  inOrderOffset = offsets[slot(found)];
                  next = found;
                }
                while (isHere(next)) {\
            """),
        target(
            "serve writes while fenced",
            List.of(6L, 1L),
            AGENT + "Primary.java",
            "leadership.now().groupId(), promised));\n    phase = LeadPhase.FENCED;",
            "leadership.now().groupId(), promised));"),
        target(
            "fold past the mirror's ack",
            List.of(3L, 1L),
            AGENT + "MirrorAccount.java",
            "return keepsLog() ? mirroredLsn : store.log().forced();",
            "return store.log().forced();"));
  }

  private static Target target(
      String name, List<Long> seeds, String source, String text, String replacement) {
    return new Target(new Mutant(name, Path.of(source), text, replacement), seeds);
  }
}

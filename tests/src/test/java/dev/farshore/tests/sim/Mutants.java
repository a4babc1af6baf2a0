package dev.farshore.tests.sim;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The product, broken on purpose in one place each: what a hurried change could do to it. Each must
 * be killed by the simulation, or the simulation would not notice such a change.
 */
final class Mutants {
  private static final String AGENT = "mirror-agent/src/main/java/dev/farshore/agent/mirror/";
  private static final String VOLUMES = "appliance/src/main/java/dev/farshore/appliance/volume/";
  private static final String LOG = "log-store/src/main/java/dev/farshore/log/file/";
  private static final String GROUP = "log-store/src/main/java/dev/farshore/log/group/";
  private static final String LINK = "fec-link/src/main/java/dev/farshore/link/session/";

  private Mutants() {}

  /**
   * @param seeds some that are known to kill it, quickest first
   * @param theme of all worlds that it lives in; empty if the seed chooses
   */
  record Target(Mutant mutant, List<Long> seeds, Optional<Theme> theme) {

    Target(Mutant mutant, List<Long> seeds) {
      this(mutant, seeds, Optional.empty());
    }

    Target about(Theme common) {
      return new Target(mutant, seeds, Optional.of(common));
    }

    /** The product's other place that has to be changed too. */
    Target and(String source, String text, String replacement) {
      List<Mutant.Edit> edits = new ArrayList<>(mutant.edits());
      edits.add(new Mutant.Edit(Path.of(source), text, replacement));
      return new Target(new Mutant(mutant.name(), edits), seeds, theme);
    }
  }

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
            List.of(9L),
            AGENT + "Promotion.java",
            "return step == PromotionStep.FORCING || step == PromotionStep.DONE;",
            "return step != PromotionStep.ASKING_PRIMARY;"),
        target(
            "reuse an LSN after a power cut: the epoch stays when no mirror answers",
            List.of(14L),
            AGENT + "Primary.java",
            "leadership.write(leadership.now().leading(leadership.now().leads().restarted()));",
            ""),
        target(
            "reuse an LSN after a power cut: the mirror is not asked",
            List.of(8L),
            AGENT + "Primary.java",
            "settings.peer().isEmpty() || atOnce ? LeadPhase.FORCING",
            "settings.peer().isPresent() || atOnce ? LeadPhase.FORCING"),
        target(
                "truncate at a bad CRC",
                List.of(3L),
                LOG + "TailScan.java",
                "    if (position.lsn() < forced || unreadable) {",
                "    forced = Math.min(forced, appendEnd);\n    if (unreadable) {")
            .about(Theme.DECAY),
        target(
                "read a mended record in the place of another one",
                List.of(56L, 47L),
                LOG + "Mending.java",
                "finder.mended().put(++lsn, record);",
                "finder.mended().put(lsn++, record);")
            .about(Theme.DECAY),
        target(
            "believe a force after a failed one",
            List.of(28L),
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
                List.of(9L),
                AGENT + "Primary.java",
                "leadership.now().groupId(), promised));\n    phase = LeadPhase.FENCED;",
                "leadership.now().groupId(), promised));")
            // The log takes nothing in an epoch that is lower than its last record's, or in none.
            .and(
                AGENT + "Primary.java",
                "new WriteAdmission.Granted(leadership.now().leads());",
                "new WriteAdmission.Granted(store.log().last().epoch());"),
        target(
            "fold past the mirror's ack",
            List.of(3L, 1L),
            AGENT + "MirrorAccount.java",
            "return keepsLog() ? mirroredLsn : store.log().forced();",
            "return store.log().forced();"),
        target(
                "free what is in no image and at no mirror",
                List.of(1L),
                GROUP + "Service.java",
                "Math.min(retainedLsn, generation.images().position().lsn() + 1);",
                "retainedLsn;")
            .and(
                AGENT + "MirrorAccount.java",
                "return confirmedLsn() + 1;",
                "return store.log().forced() + 1;"),
        target(
            "a mirror folds what its primary may lose",
            List.of(2L),
            AGENT + "Mirror.java",
            "store.allowFold(durable);",
            "store.allowFold(store.log().forced());"),
        target(
                "no bound to the bytes at risk",
                List.of(3L),
                AGENT + "Protection.java",
                "mirror.lagBytes() > limits.maxAtRiskBytes() || mirror",
                "mirror")
            .about(Theme.LAG),
        target(
                "no bound to the time at risk",
                List.of(32L),
                AGENT + "Protection.java",
                " || mirror.lagNanos() > limits.maxAtRiskNanos();",
                ";")
            .about(Theme.LAG),
        target(
                "answer beyond the bounds what was appended before them",
                List.of(3L),
                AGENT + "Protection.java",
                "beyondLimits ? confirmed : Math.min(now.appended(), now.covered());",
                "Math.min(now.appended(), now.covered());")
            .about(Theme.LAG),
        target(
                "the drain waits zero",
                List.of(1L),
                AGENT + "Promotion.java",
                "boolean listened = nowNanos - fencedNanos >= drainNanos;",
                "boolean listened = nowNanos >= fencedNanos;")
            .and(
                AGENT + "Promotion.java",
                "r.drained(drainNanos, nowNanos)",
                "r.drained(0, nowNanos)")
            .about(Theme.PROMOTION),
        target(
                "cut below what the logs share",
                List.of(2L),
                AGENT + "Mirror.java",
                "now = store.cut(cut.lsn(),",
                "now = store.cut(Math.max(folded, cut.lsn() - 2),")
            .about(Theme.SPLIT),
        target(
            "a fill pinned below what the logs share",
            List.of(155L, 185L, 313L),
            AGENT + "MirrorPeer.java",
            "state == LinkState.FOLDING && owner.mayFill()",
            "state == LinkState.FOLDING"),
        target(
                "send beyond the window",
                List.of(4L),
                LINK + "LinkSender.java",
                "return settings.windowBytes() - (int) (offered - acknowledgedOffset());",
                "return 2 * settings.windowBytes() - (int) (offered - acknowledgedOffset());")
            .and(
                LINK + "LinkSender.java",
                "new StreamRing(settings.windowBytes());",
                "new StreamRing(2 * settings.windowBytes());")
            .and(
                LINK + "LinkSender.java",
                "new Feedback(roundTrip, settings.windowBytes());",
                "new Feedback(roundTrip, 2 * settings.windowBytes());"));
  }

  private static Target target(
      String name, List<Long> seeds, String source, String text, String replacement) {
    return new Target(
        new Mutant(name, List.of(new Mutant.Edit(Path.of(source), text, replacement))), seeds);
  }
}

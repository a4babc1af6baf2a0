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
            AGENT + "Protection.java",
            "Math.min(now.appended(), now.covered())",
            "Math.min(now.appended(), now.sent())"),
        target(
            "acknowledge before the mirror's force",
            AGENT + "MirrorReceiver.java",
            "new Report(store.log().last().lsn(), store.log().forced())",
            "new Report(store.log().last().lsn(), store.log().last().lsn())"),
        target(
            "flush reply before force",
            VOLUMES + "AckGate.java",
            "long durable = Math.min(limit, now.forced());",
            "long durable = limit;"),
        target(
            "fence before drain",
            AGENT + "Promotion.java",
            "return step == Step.FORCING || step == Step.DONE;",
            "return step != Step.ASKING_PRIMARY;"),
        target(
            "reuse an LSN after a power cut: the epoch stays when no mirror answers",
            AGENT + "Primary.java",
            "leadership.write(leadership.now().leading(leadership.now().leads().restarted()));",
            ""),
        target(
            "reuse an LSN after a power cut: the mirror is not asked",
            AGENT + "Primary.java",
            "boolean alone = settings.peer().isEmpty() ||",
            "boolean alone = true || settings.peer().isEmpty() ||"),
        target(
            "truncate at a bad CRC",
            LOG + "TailScan.java",
            "    if (position.lsn() < forced || unreadable) {",
            "    forced = Math.min(forced, appendEnd);\n    if (unreadable) {"),
        target(
            "believe a force after a failed one",
            LOG + "TailWriter.java",
            "      segments.forEach(Segment::release);\n      poison(cause);",
            "      segments.forEach(Segment::release);\n"
                + "      segments.forEach(TailWriter.this::needsForce);"),
        target(
            "skip the directory force",
            LOG + "Preparation.java",
            "      supply.disk().forceDirectory();\n",
            ""),
        target(
            "apply past a gap",
            LINK + "ReceiveWindow.java",
            "    long before = next;\n    while (isHere(next)) {",
            """
                long before = next;
                long here = firstHere(next, hereEnd);
                if (here > next && here < hereEnd) {
                  inOrderOffset = offsets[slot(here)];
                  next = here;
                }
                while (isHere(next)) {\
            """),
        target(
            "serve writes while fenced: the role stays",
            AGENT + "Primary.java",
            "leadership.now().groupId(), promised));\n    phase = Phase.FENCED;",
            "leadership.now().groupId(), promised));"),
        target(
            "serve writes while fenced: the higher epoch is ignored",
            AGENT + "Primary.java",
            "if (promised.compareTo(leadership.now().leads()) <= 0) {",
            "if (promised.counter() > 0) {"),
        target(
            "fold past the mirror's ack",
            AGENT + "Primary.java",
            "return keepsLogForMirror() ? mirroredLsn : store.log().forced();",
            "return store.log().forced();"));
  }

  private static Target target(String name, String source, String text, String replacement) {
    return new Target(new Mutant(name, Path.of(source), text, replacement), List.of());
  }
}

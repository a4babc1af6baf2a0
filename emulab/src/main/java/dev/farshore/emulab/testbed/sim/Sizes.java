package dev.farshore.emulab.testbed.sim;

import dev.farshore.emulab.testbed.Trial;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.session.CodeSettings;
import dev.farshore.link.session.LinkSettings;
import dev.farshore.log.file.LogSettings;
import dev.farshore.log.group.GroupStoreSettings;
import java.time.Duration;

/**
 * How large everything of a group is, chosen as an operator would who knows the link.
 *
 * <ul>
 *   <li>The window of the link is twice what its rate carries in a round trip and {@link
 *       #SLACK_NANOS}: one for what is under way, one for what waits behind a packet that is asked
 *       for again.
 *   <li>{@code max-at-risk} is twice the window and twice what the testers may have outstanding, so
 *       that only {@code local} ever comes to it.
 *   <li>A volume has room for each tester's last few requests, and is written round and round.
 * </ul>
 *
 * <p>All of it is then what is left of it by {@link Elision}.
 *
 * @param elision of payload
 * @param link of the group
 * @param requestBytes of one request
 * @param atRiskBytes {@code max-at-risk}
 * @param segmentBytes of the log
 * @param cacheBytes of the log's end in memory
 * @param foldBatchBytes of a fold
 * @param slots requests of a tester that its part of the volume holds
 * @param drainNanos silence of the link before a promotion cuts the log
 */
record Sizes(
    Elision elision,
    LinkSettings link,
    int requestBytes,
    long atRiskBytes,
    int segmentBytes,
    int cacheBytes,
    long foldBatchBytes,
    int slots,
    long drainNanos) {

  /** Forces at the mirror, acks that wait, queues. */
  static final long SLACK_NANOS = 50_000_000;

  static final int DATAGRAM_BYTES = 1400;

  /** The header of its record is then a three-hundredth of it, and nothing in the real one. */
  private static final int LEAST_ELIDED_REQUEST = 32 << 10;

  private static final long FLUSH_NANOS = 1_000_000;
  private static final long LEAST_DRAIN_NANOS = 300_000_000;
  private static final int LEAST_WINDOW = 64 << 10;
  private static final int MOST_WINDOW = 768 << 20;
  private static final int LEAST_SEGMENT = 256 << 10;
  private static final int MOST_SEGMENT = 8 << 20;
  private static final int MOST_CACHE = 32 << 20;
  private static final long MOST_FOLD = 4 << 20;
  private static final long VOLUMES_BYTES = 64 << 20;
  private static final int LEAST_SLOTS = 2;
  private static final int MOST_SLOTS = 256;

  static Sizes of(Trial trial, LinkConditions wire, int elisionWanted) {
    CodeSettings code = trial.configuration().code(trial.link().code());
    Trial.Load load = trial.load();
    boolean divisible = load.requestBytes() % (elisionWanted * LEAST_ELIDED_REQUEST) == 0;
    Elision elision = Elision.of(divisible ? elisionWanted : 1, code, DATAGRAM_BYTES);
    int request = (int) elision.payload(load.requestBytes());
    long rate = trial.link().rateBitsPerSecond() / load.groups();
    long roundTrip = 2 * (wire.delayNanos() + wire.jitterNanos());
    double carried = rate / 8e9 * (roundTrip + SLACK_NANOS);
    int window = Math.clamp(elision.payload((long) (2 * carried)), LEAST_WINDOW, MOST_WINDOW);
    long outstanding = (long) Math.ceilDiv(load.testers(), load.groups()) * request;
    long atRisk = 2L * window + 2 * outstanding;
    int segment = Math.clamp(Math.max(atRisk / 8, 4L * request), LEAST_SEGMENT, MOST_SEGMENT);
    long room = VOLUMES_BYTES / request / load.testers();
    LinkSettings link =
        new LinkSettings(
            code,
            trial.link().burstNanos(),
            FLUSH_NANOS,
            elision.rate(rate),
            elision.datagram(DATAGRAM_BYTES),
            window);
    return new Sizes(
        elision,
        link,
        request,
        atRisk,
        segment & -Contents.BLOCK_BYTES,
        Math.clamp(atRisk, LEAST_SEGMENT, MOST_CACHE),
        Math.clamp(atRisk / 4, LEAST_SEGMENT, MOST_FOLD),
        Math.clamp(room, LEAST_SLOTS, MOST_SLOTS),
        Math.max(LEAST_DRAIN_NANOS, 2 * roundTrip));
  }

  LogSettings log(long group) {
    return new LogSettings("log", group, segmentBytes, cacheBytes, 1);
  }

  GroupStoreSettings store() {
    return new GroupStoreSettings(foldBatchBytes, Duration.ofMillis(100), 1 << 20);
  }
}

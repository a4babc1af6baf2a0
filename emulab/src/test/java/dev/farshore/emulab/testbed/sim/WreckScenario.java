package dev.farshore.emulab.testbed.sim;

import dev.farshore.emulab.testbed.Configuration;
import dev.farshore.emulab.testbed.Configuration.Acknowledged;
import dev.farshore.emulab.testbed.Trial;
import dev.farshore.link.session.CodeSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * What a seed chose of a {@link Wreck}.
 *
 * @param trial of it; its disaster says how bad the wire is, and whether it is severed in the end
 * @param moment in the midst of what the site is lost
 * @param clients of each group
 * @param calmNanos of load on a wire that loses nothing
 * @param wreckNanos from then until the site is lost, or until it may be lost
 */
record WreckScenario(
    Trial trial, Moment moment, int clients, long calmNanos, long wreckNanos, long seed) {
  private static final long MS = 1_000_000;
  private static final List<CodeSettings> CODES =
      List.of(
          new CodeSettings.Layered(8, List.of(1, 10, 100)),
          new CodeSettings.Layered(8, List.of(1, 10, 100)),
          new CodeSettings.Layered(4, List.of(1, 7)),
          new CodeSettings.ReedSolomon(8, 3),
          new CodeSettings.ReedSolomon(4, 4),
          new CodeSettings.None());

  /** When the site is lost. */
  enum Moment {
    /** While clients write, nothing else. */
    LOAD,
    /** Just after a client was answered a write of a megabyte, or had handed one over. */
    LARGE,
    /** The same for a trim or for zeros. */
    TRIM,
    /** After an outage no longer than the burst promise, on a wire that loses nothing else. */
    OUTAGE,
    /** Around the end of an outage after which the sites speak to each other anew. */
    RECONNECT,
    /** While an empty mirror that took the place of another is filled, or just was. */
    FILL
  }

  static WreckScenario of(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Moment moment = moment(random);
    CodeSettings code = CODES.get(random.nextInt(CODES.size()));
    boolean slow = moment == Moment.RECONNECT;
    boolean longer = slow || moment == Moment.FILL;
    int groups = random.nextInt(4) != 0 ? 1 : longer ? 2 : 8;
    long rate = (slow ? 8 + random.nextInt(12) : 20 + random.nextInt(80)) * 1_000_000L;
    long delay = 1 + random.nextInt(slow ? 20 : 40);
    Map<String, String> wire = new LinkedHashMap<>();
    wire.put("delay", delay + "ms");
    wire.put(
        "rate",
        moment == Moment.OUTAGE || random.nextBoolean() ? "1Gbit" : rate / 1_000_000 + "Mbit");
    wire.put("queue", random.nextInt(5) == 0 ? "4ms" : "50ms");
    if (random.nextInt(4) == 0) {
      wire.put("jitter", 1 + random.nextInt(4) + "ms");
      wire.put("duplicate", "1%");
    }
    Trial trial =
        new Trial(
            configuration(moment, code, random),
            new Trial.Link(code, random.nextInt(3) == 0 ? 0 : MS, rate),
            wire,
            new Trial.Load(groups, groups, 4096, 0),
            new Trial.Course(0, 0, 0, Optional.of(disaster(moment, random))));
    long wreck =
        switch (moment) {
          case RECONNECT -> 4_900 * MS + random.nextLong(4_500 * MS);
          case FILL -> random.nextLong(1_000 * MS);
          default -> 20 * MS + random.nextLong(400 * MS);
        };
    return new WreckScenario(
        trial,
        moment,
        Math.max(1, 1 + random.nextInt(12) / groups),
        (moment == Moment.FILL ? 900 : 20) * MS + random.nextLong(200 * MS),
        wreck,
        random.nextLong());
  }

  private static Moment moment(SplittableRandom random) {
    int dice = random.nextInt(16);
    return dice < 5 ? Moment.LOAD : Moment.values()[1 + dice % 5];
  }

  private static Configuration configuration(
      Moment moment, CodeSettings code, SplittableRandom random) {
    int dice = moment == Moment.OUTAGE ? 2 : random.nextInt(8);
    boolean coded = !(code instanceof CodeSettings.None);
    if (dice == 0) {
      return new Configuration("local-sync", Acknowledged.LOCALLY, coded, 0);
    }
    if (dice == 1) {
      return new Configuration("remote-sync", Acknowledged.REMOTELY, coded, 0);
    }
    int level = moment == Moment.OUTAGE ? code.levels() : random.nextInt(code.levels() + 1);
    return new Configuration("network-sync-" + level, Acknowledged.ON_THE_WIRE, true, level);
  }

  private static Trial.Disaster disaster(Moment moment, SplittableRandom random) {
    if (moment == Moment.OUTAGE) {
      return new Trial.Disaster(Map.of(), 0, false);
    }
    List<String> losses = List.of("0", "0.1%", "1%", "5%", "15%", "40%");
    List<String> bursts = List.of("1", "1", "3", "20", "1ms", "4ms");
    String loss = losses.get(random.nextInt(losses.size()));
    String burst = bursts.get(random.nextInt(bursts.size()));
    Map<String, String> wire = new LinkedHashMap<>();
    wire.put("loss", loss);
    wire.put("burst", loss.equals("0") ? "1" : burst);
    if (random.nextInt(6) == 0) {
      wire.put("corrupt", "2%");
    }
    return new Trial.Disaster(wire, 0, random.nextInt(8) == 0);
  }

  /** Whether an outage as long as the burst promise must not cost an answered request. */
  boolean promisesOutage() {
    Configuration one = trial.configuration();
    int levels = trial.link().code().levels();
    return trial.link().burstNanos() > 0
        && one.acknowledged() == Acknowledged.ON_THE_WIRE
        && levels > 0
        && one.level() >= levels;
  }
}

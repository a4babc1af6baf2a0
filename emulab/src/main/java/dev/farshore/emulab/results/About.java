package dev.farshore.emulab.results;

import dev.farshore.emulab.plan.Extent;
import dev.farshore.emulab.plan.Kinds;
import dev.farshore.emulab.plan.Plan;
import dev.farshore.emulab.testbed.Testbed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What the runs in a directory have in common: with another of these their figures must not be
 * mixed.
 *
 * @param plan its name, for people: one of another name may run the same
 * @param hosts what the testbed stands on, as {@link Testbed.Hosts} says it
 */
public record About(
    String plan, String testbed, String hosts, boolean quick, Seeded seeded, Product product) {

  public About {
    // Results from before there was a choice do not say it.
    hosts = hosts == null ? Testbed.Hosts.ONE.toString() : hosts;
  }

  /**
   * What decides which runs there are.
   *
   * @param products as in {@link Extent}
   */
  public record Seeded(
      String experiment, long seed, int repetitions, List<Map<String, List<String>>> products) {}

  /** Of runs on one machine. */
  public static About of(Plan plan, Testbed.Kind kind, boolean quick, Product product) {
    Extent extent = plan.runs().extent(quick);
    return new About(
        plan.name(),
        Kinds.word(kind),
        Testbed.Hosts.ONE.toString(),
        quick,
        new Seeded(
            plan.experiment().name(), plan.runs().seed(), extent.repetitions(), extent.products()),
        product);
  }

  /** The same, on other machines. */
  public About on(Testbed.Hosts others) {
    return new About(plan, testbed, others.toString(), quick, seeded, product);
  }

  /** The testbed, for headings: {@code sim}, {@code live}, {@code live on three machines}. */
  public String bed() {
    return isOnOneMachine() ? testbed : testbed + " on " + hosts;
  }

  public boolean isOnOneMachine() {
    return hosts.equals(Testbed.Hosts.ONE.toString());
  }

  public String experiment() {
    return seeded.experiment();
  }

  public Extent extent() {
    return new Extent(seeded.products(), seeded.repetitions());
  }

  /**
   * @param directory for the message
   * @throws RefusedException if runs of another one must not be added
   */
  void requireSame(About other, Path directory) throws RefusedException {
    List<String> differences = differences(other);
    boolean otherCode = !product.code().equals(other.product.code());
    if (!differences.isEmpty()) {
      throw new RefusedException(
          directory
              + " holds runs of something else, and their figures must not be mixed:\n  "
              + String.join("\n  ", differences)
              + (otherCode ? "\n  code: there " + named(product) : "")
              + (otherCode ? "\n        now   " + named(other.product) : "")
              + "\nTo start anew: another directory with --out, or remove this one.");
    }
    if (otherCode) {
      throw new RefusedException(
          directory
              + " was begun by another version, and figures of two versions must not be mixed:\n"
              + "  there "
              + named(product)
              + "\n  now   "
              + named(other.product)
              + "\nTo finish it: "
              + product.howToHave()
              + ", and the same command.\nTo start anew with this version: another directory with"
              + " --out, or remove this one.");
    }
  }

  /** What another one has otherwise, but for the code; one line each. */
  private List<String> differences(About other) {
    List<String> found = new ArrayList<>();
    differs(found, "experiment", experiment(), other.experiment());
    differs(found, "testbed", testbed, other.testbed);
    differs(found, "on", hosts, other.hosts);
    differs(found, "quick", quick, other.quick);
    differs(found, "seed", seeded.seed(), other.seeded.seed());
    differs(found, "repetitions", seeded.repetitions(), other.seeded.repetitions());
    if (!seeded.products().equals(other.seeded.products())) {
      found.add("the inputs have other values");
    }
    return found;
  }

  private static String named(Product product) {
    return product.version() + " commit " + product.commit() + " classes " + product.code();
  }

  private static void differs(List<String> found, String what, Object there, Object now) {
    if (!there.equals(now)) {
      found.add(what + ": there " + there + ", now " + now);
    }
  }
}

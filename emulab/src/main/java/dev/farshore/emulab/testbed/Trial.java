package dev.farshore.emulab.testbed;

import dev.farshore.link.session.CodeSettings;
import java.util.Map;
import java.util.Optional;

/**
 * What is run once.
 *
 * @param configuration when a write is answered, and whether packets are coded
 * @param link code and rate of the link
 * @param wire conditions of both directions, as {@link dev.farshore.emulab.wan.PathText} reads them
 *     (`delay` is one way)
 * @param load who writes what
 * @param course what happens when
 */
public record Trial(
    Configuration configuration, Link link, Map<String, String> wire, Load load, Course course) {

  /**
   * @param code of coded configurations
   * @param burstNanos outage of the wire that covered records survive; 0 for none
   * @param rateBitsPerSecond of the whole site, all headers and repairs counted; its groups have
   *     equal shares
   */
  public record Link(CodeSettings code, long burstNanos, long rateBitsPerSecond) {}

  /**
   * Testers write blocks one after the other, in requests; each has one request outstanding.
   *
   * @param groups of volumes, a storage machine of the paper each; testers are spread over them
   * @param testers in all, 1 or more
   * @param requestBytes of one write; a multiple of 4096
   * @param pauseNanos from the reply to the next request; 0 for as fast as replies come
   */
  public record Load(int groups, int testers, int requestBytes, long pauseNanos) {}

  /**
   * @param warmUpNanos of load before all else on a testbed of real processes, which compile
   *     themselves in it; a simulated one has nothing to warm
   * @param settleNanos of load before what is measured
   * @param measuredNanos of load that count
   * @param disaster at the end of them, if there is one
   */
  public record Course(
      long warmUpNanos, long settleNanos, long measuredNanos, Optional<Disaster> disaster) {}

  /**
   * The site "west" is lost. First the wire becomes worse for a while, then nothing enters it any
   * more and every process of the site dies; then the mirror is promoted and read.
   *
   * @param wire changes of the conditions of the forward direction
   * @param wireNanos for how long they hold before the end; load goes on
   * @param severed whether what is in flight at the end is lost too; else it still arrives
   */
  public record Disaster(Map<String, String> wire, long wireNanos, boolean severed) {}
}

package dev.farshore.emulab.testbed.live;

import dev.farshore.emulab.wan.Orders;
import java.io.IOException;

/** The emulated WAN of a trial, and what can be done to it while it carries something. */
interface Wire {

  /**
   * @param order as {@link Orders} takes it
   * @throws IllegalArgumentException with what is wrong with the order
   */
  void obey(String order) throws IOException;

  /**
   * The site at the near end is lost: from now on nothing enters, in either direction.
   *
   * @param severed whether what is in flight is lost, too
   */
  Cut cut(boolean severed) throws IOException;

  Reading read() throws IOException;

  /**
   * When a wire was cut.
   *
   * @param nanos as {@link System#nanoTime} has it: what was sent until then was taken
   * @param uncertainNanos for so long after that, something may have been taken, too
   */
  record Cut(long nanos, long uncertainNanos) {

    /**
     * A cut by somebody with another clock: it was after the question, and so long before the
     * answer came as he says that it was before he gave it.
     *
     * @param asked as {@link System#nanoTime} has it
     * @param answered likewise
     * @param sinceNanos from the cut to the answer, by the other clock
     */
    static Cut between(long asked, long answered, long sinceNanos) {
      return new Cut(asked, Math.max(0, answered - sinceNanos - asked));
    }
  }

  /**
   * What the forward direction had seen at one moment.
   *
   * @param offered packets
   * @param bytes of them, with the IP headers
   * @param lost for any reason
   * @param invalid why what was measured over the wire says nothing; empty text if it does
   */
  record Reading(long offered, long bytes, long lost, String invalid) {}
}

package dev.farshore.log.record;

/**
 * Leadership of a group: a counter, and the site that leads in it. The higher counter wins; two
 * sites that took the same counter are told apart by their number.
 *
 * <p>A primary that restarts without hearing from its mirror opens a new epoch too, for it may have
 * lost records that the mirror holds and must not use their LSNs again. That is no promotion and
 * must never outrank one, however often it happens: it counts {@code restart}, which is compared
 * last.
 *
 * @param counter 0 before the first leadership; every promotion adds one
 * @param site number of the leading site, 0 for none
 * @param restart how often the leader has opened an epoch by itself since its promotion
 */
public record Epoch(int counter, int site, int restart) implements Comparable<Epoch> {

  /** Before anyone has led. */
  public static final Epoch NONE = new Epoch(0, 0, 0);

  public Epoch {
    if (counter < 0 || site < 0 || restart < 0) {
      throw new IllegalArgumentException(
          "epoch " + counter + "." + site + "." + restart + " is negative");
    }
  }

  /** The epoch that begins with a promotion of {@code site}. */
  public Epoch(int counter, int site) {
    this(counter, site, 0);
  }

  @Override
  public int compareTo(Epoch other) {
    int byCounter = Integer.compare(counter, other.counter);
    if (byCounter != 0) {
      return byCounter;
    }
    int bySite = Integer.compare(site, other.site);
    return bySite != 0 ? bySite : Integer.compare(restart, other.restart);
  }

  /** The epoch in which {@code leader} takes over from this one. */
  public Epoch promoted(int leader) {
    return new Epoch(Math.addExact(counter, 1), leader, 0);
  }

  /** The epoch that the same leader opens when it restarts without its mirror. */
  public Epoch restarted() {
    return new Epoch(counter, site, Math.addExact(restart, 1));
  }

  @Override
  public String toString() {
    return counter + "." + site + "." + restart;
  }
}

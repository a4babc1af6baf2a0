package dev.farshore.log.record;

/**
 * Leadership of a group: a counter, and the site that leads in it. The higher counter wins; two
 * sites that took the same counter are told apart by their number.
 *
 * @param counter 0 before the first leadership, then 1, 2, …
 * @param site number of the leading site, 0 for none
 */
public record Epoch(int counter, int site) implements Comparable<Epoch> {

  /** Before anyone has led. */
  public static final Epoch NONE = new Epoch(0, 0);

  public Epoch {
    if (counter < 0 || site < 0) {
      throw new IllegalArgumentException("epoch " + counter + "." + site + " is negative");
    }
  }

  @Override
  public int compareTo(Epoch other) {
    int byCounter = Integer.compare(counter, other.counter);
    return byCounter != 0 ? byCounter : Integer.compare(site, other.site);
  }

  /** The epoch in which {@code leader} takes over from this one. */
  public Epoch next(int leader) {
    return new Epoch(Math.addExact(counter, 1), leader);
  }

  @Override
  public String toString() {
    return counter + "." + site;
  }
}

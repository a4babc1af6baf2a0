package dev.farshore.emulab.experiment;

/**
 * Between which limits a chance lies, with a certainty of 95 %, if a share of so many trials had it
 * (E. B. Wilson, Journal of the American Statistical Association 22, 1927). Where none of them had
 * it, or all, it is no point: 0 of 10 leaves it open up to 28 %.
 *
 * @param low 0 or more
 * @param high at most 1
 */
public record ShareInterval(double low, double high) {

  private static final double QUANTILE = 1.96;

  /**
   * @param seen of the trials; from 0 to all
   * @param trials at least 1
   */
  public static ShareInterval of(long seen, long trials) {
    if (trials < 1 || seen < 0 || seen > trials) {
      throw new IllegalArgumentException(seen + " of " + trials + " is no share");
    }
    double share = seen / (double) trials;
    double z2 = QUANTILE * QUANTILE;
    double centre = share + z2 / (2 * trials);
    double spread =
        QUANTILE * Math.sqrt(share * (1 - share) / trials + z2 / (4.0 * trials * trials));
    double scale = 1 + z2 / trials;
    // At the ends the two are equal, but for the rounding.
    double low = seen == 0 ? 0 : (centre - spread) / scale;
    double high = seen == trials ? 1 : (centre + spread) / scale;
    return new ShareInterval(low, high);
  }
}

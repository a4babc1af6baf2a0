package dev.farshore.appliance.nbd;

import dev.farshore.appliance.nbd.Credits.Source;

/** Credit that is to be given back together. */
final class Debt {

  /** The sources there are. */
  static final Source[] SOURCES = {Source.GUARANTEED, Source.MODERATE, Source.SHARED};

  private final long[] bytes = new long[Source.values().length];

  Debt add(Source source, long more) {
    bytes[source.ordinal()] += more;
    return this;
  }

  long bytes(Source source) {
    return bytes[source.ordinal()];
  }
}

package dev.farshore.emulab.testbed;

import dev.farshore.emulab.testbed.live.LiveTestbed;
import java.io.IOException;
import java.util.Locale;

/** The testbed of each kind. */
public final class Testbeds {

  private Testbeds() {}

  /**
   * Costs nothing: what a testbed needs is looked for when it is run, for not every experiment runs
   * one.
   */
  public static Testbed of(Testbed.Kind kind) {
    return switch (kind) {
      case SIM -> new Absent(kind);
      case LIVE -> new LiveTestbed();
    };
  }

  /** One that was not built. */
  private record Absent(Kind kind) implements Testbed {
    @Override
    public Outcome run(Trial trial, long seed) throws IOException {
      throw new IOException(
          "this build has no testbed '" + kind.name().toLowerCase(Locale.ROOT) + "'");
    }
  }
}

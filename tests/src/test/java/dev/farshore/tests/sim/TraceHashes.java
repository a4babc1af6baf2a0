package dev.farshore.tests.sim;

/** Prints the trace hash of each seed that it is given, a line each. */
final class TraceHashes {
  private TraceHashes() {}

  public static void main(String[] seeds) {
    StringBuilder text = new StringBuilder();
    for (String seed : seeds) {
      text.append(Simulation.run(Long.parseLong(seed))).append('\n');
    }
    System.out.print(text);
  }
}

package dev.farshore.emulab.wan;

/** Which way something passes. */
public enum Direction {
  /** From those who talk to the listening address. */
  FORWARD("forward"),
  /** Back to them. */
  BACKWARD("backward");

  private final String text;

  Direction(String text) {
    this.text = text;
  }

  public Direction opposite() {
    return this == FORWARD ? BACKWARD : FORWARD;
  }

  @Override
  public String toString() {
    return text;
  }
}

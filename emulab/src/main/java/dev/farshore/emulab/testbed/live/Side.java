package dev.farshore.emulab.testbed.live;

/** Which of the two sites. */
enum Side {
  /** Where the testers are. */
  WEST("west"),
  /** The mirror. */
  EAST("east");

  private final String text;

  Side(String text) {
    this.text = text;
  }

  Side other() {
    return this == WEST ? EAST : WEST;
  }

  /** The site's number in its configuration. */
  int number() {
    return ordinal() + 1;
  }

  @Override
  public String toString() {
    return text;
  }
}

package dev.farshore.emulab.testbed.live;

import dev.farshore.emulab.tun.TunSettings;

/** Which of the two sites. */
enum Side {
  /** Where the testers are. */
  WEST("west", TunSettings.NEAR_ADDRESS),
  /** The mirror. */
  EAST("east", TunSettings.FAR_ADDRESS);

  private final String text;
  private final String address;

  Side(String text, String address) {
    this.text = text;
    this.address = address;
  }

  Side other() {
    return this == WEST ? EAST : WEST;
  }

  /** The site's number in its configuration. */
  int number() {
    return ordinal() + 1;
  }

  /** Of its end of the WAN. */
  String address() {
    return address;
  }

  @Override
  public String toString() {
    return text;
  }
}

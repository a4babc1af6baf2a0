package dev.farshore.agent.status;

import java.util.Locale;

/** What a site is to a group. */
public enum Role {
  PRIMARY,
  MIRROR,
  /** Not known yet. */
  STARTING,
  /** None: the group could not be opened here. */
  NONE;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

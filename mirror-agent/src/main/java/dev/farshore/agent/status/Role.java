package dev.farshore.agent.status;

import java.util.Locale;

/** What a site is to a group. */
public enum Role {
  PRIMARY,
  MIRROR,
  /** Not known yet. */
  STARTING;

  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}

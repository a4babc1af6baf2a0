package dev.farshore.agent.mirror;

/** What a site is for a group. */
public enum Role {
  /** It takes writes, once it has made sure that it may. */
  PRIMARY,
  /** It follows a primary, and takes none. */
  MIRROR
}

package dev.farshore.agent.mirror;

/** How far the conversation with the other site has come. */
public enum LinkState {
  /** The group has no other site, or holds nothing yet. */
  NONE,
  DISCONNECTED,
  CONNECTING,
  GREETING,
  /** The sites find out up to where their logs agree. At a mirror: connected, and no stream yet. */
  COMPARING,
  /** The primary takes records back that only the mirror holds. */
  PULLING,
  CUTTING,
  /** The primary folds what the base images have to hold before a fill may begin. */
  FOLDING,
  OPENING,
  /** A session is open: base images or records flow. */
  STREAMING;

  /** Whether the other site answers. */
  public boolean connected() {
    return compareTo(GREETING) >= 0;
  }
}

package dev.farshore.agent.status;

import java.util.Locale;

/** What goes on between the two sites of a group. */
public enum Replication {
  /** Nothing: there is no connection, or it has only just been made. */
  IDLE,
  /** The sites find out up to where their logs agree. */
  COMPARING,
  /** The primary fetches records that only the mirror holds. */
  PULLING,
  /** The base images are copied. */
  FILLING,
  /** Records flow that were written a while ago. */
  CATCHING_UP,
  /** Records flow as they are written. */
  STREAMING,
  /** The mirror was given up because the log that it would need outgrew its quota. */
  DETACHED;

  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}

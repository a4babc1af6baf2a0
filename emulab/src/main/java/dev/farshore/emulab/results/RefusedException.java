package dev.farshore.emulab.results;

/** A directory of results that must not be used in this way; says why, and what to do. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  public RefusedException(String message) {
    super(message);
  }
}

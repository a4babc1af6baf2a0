package dev.farshore.agent.site;

/** A site cannot run; the message says why, for people. */
public final class SiteFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public SiteFailure(String message) {
    super(message);
  }

  public SiteFailure(String message, Throwable cause) {
    super(message, cause);
  }
}

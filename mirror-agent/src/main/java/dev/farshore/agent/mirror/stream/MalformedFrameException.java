package dev.farshore.agent.mirror.stream;

/** The stream of a session holds what no leader sends; the session ends. */
public final class MalformedFrameException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedFrameException(String reason) {
    super(reason);
  }
}

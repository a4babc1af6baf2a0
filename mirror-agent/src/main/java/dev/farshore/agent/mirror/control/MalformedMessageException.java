package dev.farshore.agent.mirror.control;

/** A control message that its format does not allow; the channel it came on is closed. */
public final class MalformedMessageException extends Exception {
  private static final long serialVersionUID = 1L;

  public MalformedMessageException(String reason) {
    super(reason);
  }
}

package dev.farshore.link.port;

/**
 * How patient a {@link ControlNetwork} is and how much it holds. The same for both ends.
 *
 * @param deadAfterNanos a channel is closed when nothing has come from the other end for so long;
 *     each end sends something at least every third of it
 * @param connectNanos an attempt to connect fails after so long
 * @param waitingBytes most bytes, with the length words, that wait to leave a channel; at least one
 *     message of {@link ControlPort#MAX_MESSAGE_BYTES}
 */
public record ControlSettings(long deadAfterNanos, long connectNanos, int waitingBytes) {

  /** Ten seconds of silence, five seconds to connect, 8 MiB waiting. */
  public static final ControlSettings DEFAULT =
      new ControlSettings(10_000_000_000L, 5_000_000_000L, 8 << 20);

  public ControlSettings {
    if (deadAfterNanos < 3 || connectNanos < 1) {
      throw new IllegalArgumentException(
          "Dead after " + deadAfterNanos + " ns, connect in " + connectNanos + " ns");
    }
    if (waitingBytes < ControlPort.MAX_MESSAGE_BYTES + Integer.BYTES) {
      throw new IllegalArgumentException(waitingBytes + " bytes cannot hold the largest message");
    }
  }

  /** How often an end that has nothing to say lets the other one know that it lives. */
  public long aliveEveryNanos() {
    return deadAfterNanos / 3;
  }
}

package dev.farshore.appliance.nbd;

/**
 * What clients may cost.
 *
 * @param connections most connections at a time; more are closed at once
 * @param negotiationSeconds time from the connect to the end of the handshake
 * @param stallSeconds while others wait for credit: how long a client may take over a payload or a
 *     reply, and a second more for each 8 MiB that it holds, before it is disconnected
 * @param drainSeconds how long requests in progress may take when the server closes
 */
public record NbdLimits(
    int connections,
    CreditLimits credits,
    int negotiationSeconds,
    int stallSeconds,
    int drainSeconds) {

  /**
   * 4,096 connections, which together cost at most 256 + 64 + 128 MiB of direct memory for
   * requests, and 64 KiB each for what they sent ahead; 30 s to negotiate, 10 s of stalling, 5 s to
   * drain.
   */
  public static final NbdLimits DEFAULT = new NbdLimits(4096, CreditLimits.DEFAULT, 30, 10, 5);

  public NbdLimits {
    if (connections < 1 || negotiationSeconds < 1 || stallSeconds < 1 || drainSeconds < 0) {
      throw new IllegalArgumentException("a limit is not positive");
    }
  }
}

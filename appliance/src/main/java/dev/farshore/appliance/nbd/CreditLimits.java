package dev.farshore.appliance.nbd;

/**
 * What the requests of all clients may hold in memory, in bytes.
 *
 * @param shared the large pool
 * @param moderate the pool for requests that are not large
 * @param connection most that one connection holds
 * @param moderateConnection most that one connection holds of the moderate pool
 * @param guaranteed what every connection holds beside the pools
 */
public record CreditLimits(
    long shared, long moderate, long connection, long moderateConnection, long guaranteed) {

  /** What a request is charged beside its payload. */
  static final int REQUEST_OVERHEAD_BYTES = 512;

  /** 256 and 64 MiB; 64 and 4 MiB for each connection; 32 KiB guaranteed. */
  public static final CreditLimits DEFAULT =
      new CreditLimits(256L << 20, 64L << 20, 64L << 20, 4L << 20, 32L << 10);

  public CreditLimits {
    long largest = Protocol.MAX_PAYLOAD_BYTES + REQUEST_OVERHEAD_BYTES;
    if (connection < largest || shared < largest) {
      throw new IllegalArgumentException("no room for one request of the largest size");
    }
    if (moderateConnection > moderate) {
      throw new IllegalArgumentException("the moderate pool is smaller than one share of it");
    }
    if (guaranteed < REQUEST_OVERHEAD_BYTES + StatusTransaction.REPLY_BYTES) {
      throw new IllegalArgumentException("the guaranteed bytes hold no block status");
    }
  }
}

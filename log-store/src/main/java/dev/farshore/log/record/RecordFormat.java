package dev.farshore.log.record;

/** Sizes that every store of a log and every user of it agree on. */
public final class RecordFormat {

  /**
   * Largest payload of one record: 64 MiB. NBD clients send up to 32 MiB in one request; the rest
   * is room for callers that are not NBD.
   */
  public static final int MAX_PAYLOAD_BYTES = 64 << 20;

  /** Largest encoded size of one append, all its records with their headers. */
  public static final int MAX_APPEND_BYTES = MAX_PAYLOAD_BYTES + (1 << 20);

  /** Granule of block checksums, of the base image and of the dirty bitmap, in bytes. */
  public static final int BLOCK_BYTES = 4096;

  /** Size of a record's fixed header; the table of checksums follows it, then the payload. */
  public static final int HEADER_BYTES = 88;

  /** Longest volume name and longest label, in bytes of UTF-8. */
  public static final int MAX_TEXT_BYTES = 255;

  private RecordFormat() {}

  /** Number of pieces into which a payload at {@code offset} of its volume is cut. */
  public static int pieceCount(long offset, int payloadBytes) {
    if (payloadBytes == 0) {
      return 0;
    }
    return Math.ceilDiv((int) (offset % BLOCK_BYTES) + payloadBytes, BLOCK_BYTES);
  }

  /**
   * Where piece {@code index} of a payload at {@code offset} of its volume begins, in the payload.
   */
  public static int pieceStart(long offset, int index) {
    return index == 0 ? 0 : index * BLOCK_BYTES - (int) (offset % BLOCK_BYTES);
  }

  /** Where, from the start of its record, the payload of a write at {@code offset} begins. */
  public static int payloadStart(long offset, int payloadBytes) {
    return HEADER_BYTES + Integer.BYTES * pieceCount(offset, payloadBytes);
  }
}

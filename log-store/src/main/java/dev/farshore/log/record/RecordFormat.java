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

  private RecordFormat() {}
}

package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.*;

import dev.farshore.appliance.export.Export;

/**
 * What a handshake settled.
 *
 * @param export open; whoever holds the session closes it
 * @param structuredReplies negotiated, and so the DF flag of READ is allowed
 * @param allocationStatus {@code base:allocation} is selected for this export
 */
record Session(Export export, boolean structuredReplies, boolean allocationStatus) {

  int transmissionFlags() {
    return transmissionFlags(export, structuredReplies);
  }

  /**
   * Section "Transmission flags". All flags of writing are also shown for a read-only export:
   * READ_ONLY says that they will be refused. SEND_DF must stay clear without structured replies.
   */
  static int transmissionFlags(Export export, boolean structuredReplies) {
    return TRANSMISSION_HAS_FLAGS
        | TRANSMISSION_SEND_FLUSH
        | TRANSMISSION_SEND_FUA
        | TRANSMISSION_SEND_TRIM
        | TRANSMISSION_SEND_WRITE_ZEROES
        | TRANSMISSION_SEND_FAST_ZERO
        | TRANSMISSION_SEND_CACHE
        | (structuredReplies ? TRANSMISSION_SEND_DF : 0)
        | (export.readOnly() ? TRANSMISSION_READ_ONLY : 0)
        | (export.manyConnections() ? TRANSMISSION_CAN_MULTI_CONN : 0);
  }
}

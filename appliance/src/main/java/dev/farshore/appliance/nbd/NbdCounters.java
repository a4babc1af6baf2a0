package dev.farshore.appliance.nbd;

/** What a server counts. Owned by its loop. */
final class NbdCounters {
  long accepted;
  long refused;
  long requests;
  long errors;
  long bytesRead;
  long bytesWritten;
  long violations;
  long negotiationTimeouts;
  long stalled;
}

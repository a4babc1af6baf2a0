package dev.farshore.appliance.nbd;

import dev.farshore.appliance.export.Export.Failure;
import dev.farshore.appliance.nbd.Credits.Source;

/** A request between its arrival at the export and the export's reply. */
abstract class Transaction {

  private enum State {
    /** The export has it. */
    PENDING,
    /** The client was told ESHUTDOWN; the export has it still. */
    ABANDONED,
    /** The export has replied. */
    OVER
  }

  final Transmission owner;
  final Request request;

  /** Where this stands in its owner's list. */
  int index;

  private final Source source;
  private long charge;
  private State state = State.PENDING;

  /**
   * @param charge bytes that were taken from {@code source} for it
   */
  Transaction(Transmission owner, Request request, Source source, long charge) {
    this.owner = owner;
    this.request = request;
    this.source = source;
    this.charge = charge;
  }

  /** Hands the request to the export. */
  abstract void start();

  /** Frees the buffers that the export had. Called once, after its reply. */
  abstract void release();

  Source source() {
    return source;
  }

  /** Bytes of credit that it still holds. */
  long charge() {
    return charge;
  }

  void chargeLess(long bytes) {
    charge -= bytes;
  }

  boolean abandoned() {
    return state == State.ABANDONED;
  }

  void abandon() {
    state = State.ABANDONED;
  }

  /**
   * Takes note of the export's reply.
   *
   * @return whether the client waits for it
   */
  final boolean replied() {
    if (state == State.OVER) {
      throw new IllegalStateException("an export replied twice to request type " + request.type());
    }
    boolean awaited = state == State.PENDING;
    state = State.OVER;
    return owner.left(this, awaited);
  }

  /** The export's reply, when it failed. */
  final void replyFailed(Failure failure, String reason) {
    release();
    if (replied()) {
      owner.answerError(this, NbdError.of(failure), reason);
    }
    owner.changed();
  }
}

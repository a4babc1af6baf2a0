package dev.farshore.log.chronicle;

import dev.farshore.log.disk.Completion;
import java.io.IOException;
import java.util.Optional;

/**
 * One force at a time for everyone who asked, and how far the log is forced. Owned by the log's
 * thread.
 */
final class GroupForce implements Completion {

  private long forced;
  private long target;
  private boolean asked;
  private boolean underWay;
  private Optional<IOException> failure = Optional.empty();

  GroupForce(long forced) {
    this.forced = forced;
  }

  void request() {
    asked = true;
  }

  boolean underWay() {
    return underWay;
  }

  long forced() {
    return forced;
  }

  Optional<IOException> failure() {
    return failure;
  }

  /** Submits a force if one was asked for, none is on its way, and there is something to force. */
  void poll(Generation generation, long appended) {
    if (!asked || underWay) {
      return;
    }
    asked = false;
    if (appended > forced) {
      target = appended;
      underWay = true;
      generation.force(this);
    }
  }

  @Override
  public void done() {
    underWay = false;
    if (failure.isEmpty()) {
      forced = target;
    }
  }

  @Override
  public void failed(IOException cause) {
    underWay = false;
    poison(cause);
  }

  /** From now on nothing is believed to have been forced. */
  void poison(IOException cause) {
    if (failure.isEmpty()) {
      failure = Optional.of(cause);
    }
  }

  /** Forces everything that was appended, up to {@code appended}, and waits for it. */
  void now(Generation generation, long appended) throws IOException {
    while (underWay) {
      generation.disk().await();
    }
    if (failure.isPresent()) {
      throw failure.get();
    }
    generation.forceNow();
    forced = appended;
  }

  /** The log has another end now, which is forced. */
  void endsAt(long lsn) {
    forced = lsn;
  }
}

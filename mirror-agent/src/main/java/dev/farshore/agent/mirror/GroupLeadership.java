package dev.farshore.agent.mirror;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.function.Supplier;

/** A group's leadership at this site: what is on disk, and in memory the same. */
final class GroupLeadership {
  private final LeadershipStore store;
  private final boolean begun;
  private Leadership current;

  /**
   * @param initial what a site begins with that has nothing on disk
   */
  GroupLeadership(LeadershipStore store, Supplier<Leadership> initial) throws IOException {
    this.store = store;
    var stored = store.read();
    this.begun = stored.isEmpty();
    if (stored.isPresent()) {
      current = stored.get();
    } else {
      current = initial.get();
      store.write(current);
    }
  }

  /** Whether this process is the first that ever had the group here: nothing was lost before it. */
  boolean begun() {
    return begun;
  }

  Leadership now() {
    return current;
  }

  /**
   * Writes durably, then believes it.
   *
   * @throws UncheckedIOException if it could not be written; the process stops, for a site that
   *     cannot remember what it promised must not act
   */
  void write(Leadership next) {
    if (next.promised().compareTo(current.promised()) < 0) {
      throw new IllegalStateException(
          "promise falls from epoch " + current.promised() + " to " + next.promised());
    }
    try {
      store.write(next);
    } catch (IOException e) {
      throw new UncheckedIOException("leadership could not be written", e);
    }
    current = next;
  }
}

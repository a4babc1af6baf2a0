package dev.farshore.tests.sim;

import dev.farshore.agent.mirror.Leadership;
import dev.farshore.agent.mirror.LeadershipStore;
import java.io.IOException;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * A site's leadership between the product and the oracle: what was once written is never forgotten,
 * and promises never fall (invariants F1, F4). Outlives the site's processes.
 */
final class ObservedLeadership {

  private final String site;
  private final BiConsumer<Leadership, Leadership> writeListener;
  private Optional<Leadership> durable = Optional.empty();
  private Optional<Leadership> pending = Optional.empty();

  /**
   * @param writeListener told of every write that has completed: what was, and what is now
   */
  ObservedLeadership(String site, BiConsumer<Leadership, Leadership> writeListener) {
    this.site = site;
    this.writeListener = writeListener;
  }

  /** What is durably written; empty if nothing is. */
  Optional<Leadership> durable() {
    return durable;
  }

  void wiped() {
    durable = Optional.empty();
    pending = Optional.empty();
  }

  /** The door for one process. */
  LeadershipStore over(LeadershipStore store) {
    return new LeadershipStore() {
      @Override
      public Optional<Leadership> read() throws IOException {
        Optional<Leadership> found = store.read();
        boolean old = found.equals(durable);
        boolean next = pending.isPresent() && found.equals(pending);
        Violation.unless(
            old || next,
            "F1",
            () -> site + " wrote " + durable + ", then " + pending + ", reads " + found);
        if (next) {
          tell(found.get());
        }
        pending = Optional.empty();
        return found;
      }

      @Override
      public void write(Leadership leadership) throws IOException {
        Violation.unless(
            durable.isEmpty() || leadership.promised().compareTo(durable.get().promised()) >= 0,
            "F1",
            () -> site + " promised " + durable + " and now " + leadership);
        pending = Optional.of(leadership);
        store.write(leadership);
        pending = Optional.empty();
        tell(leadership);
      }
    };
  }

  private void tell(Leadership now) {
    Leadership before = durable.orElse(now);
    durable = Optional.of(now);
    writeListener.accept(before, now);
  }
}

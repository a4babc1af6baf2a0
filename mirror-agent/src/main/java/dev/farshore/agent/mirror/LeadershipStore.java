package dev.farshore.agent.mirror;

import java.io.IOException;
import java.util.Optional;

/** Where a site keeps a group's {@link Leadership}. Both calls block. */
public interface LeadershipStore {

  /** What was last written; empty if nothing was ever. */
  Optional<Leadership> read() throws IOException;

  /** Durable when it returns; after a crash, the old or the new value is there. */
  void write(Leadership leadership) throws IOException;
}

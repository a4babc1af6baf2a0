package dev.farshore.log;

import java.io.IOException;
import org.junit.jupiter.api.Nested;

/**
 * What of the keeper's part can be tried on any disk: files that were damaged while nobody looked.
 */
public abstract class SegmentLogDamageContract {

  /** A store and its disk, for one test. */
  protected abstract KeeperUnderTest keeper() throws IOException;

  @Nested
  class AtRest extends DamageContract {
    @Override
    KeeperUnderTest keeper() throws IOException {
      return SegmentLogDamageContract.this.keeper();
    }
  }
}

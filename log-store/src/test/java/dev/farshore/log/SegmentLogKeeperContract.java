package dev.farshore.log;

import java.io.IOException;
import org.junit.jupiter.api.Nested;

/**
 * The keeper's part of the contract: what a {@link SegmentLog} does on a disk that fails, loses its
 * power, fills up or rots. Only a store that passes it is fit to hold a last copy. {@link
 * SegmentLogContract} is the common part.
 */
public abstract class SegmentLogKeeperContract extends SegmentLogDamageContract {

  @Nested
  class WithFaults extends DiskFaultContract {
    @Override
    KeeperUnderTest keeper() throws IOException {
      return SegmentLogKeeperContract.this.keeper();
    }
  }
}

package dev.farshore.log;

import java.io.IOException;
import org.junit.jupiter.api.Nested;

/**
 * The common part of the contract: what every {@link SegmentLog} does, whatever stores it, as long
 * as its disk does what it should.
 */
public abstract class SegmentLogContract {

  /** A store, for one test. */
  protected abstract StoreUnderTest store() throws IOException;

  @Nested
  class Appends extends AppendContract {
    @Override
    StoreUnderTest store() throws IOException {
      return SegmentLogContract.this.store();
    }
  }

  @Nested
  class Replicas extends ReplicaContract {
    @Override
    StoreUnderTest store() throws IOException {
      return SegmentLogContract.this.store();
    }
  }

  @Nested
  class Reads extends ReadContract {
    @Override
    StoreUnderTest store() throws IOException {
      return SegmentLogContract.this.store();
    }
  }

  @Nested
  class Cuts extends CutContract {
    @Override
    StoreUnderTest store() throws IOException {
      return SegmentLogContract.this.store();
    }
  }

  @Nested
  class RandomCalls extends RandomCallsContract {
    @Override
    StoreUnderTest store() throws IOException {
      return SegmentLogContract.this.store();
    }
  }
}

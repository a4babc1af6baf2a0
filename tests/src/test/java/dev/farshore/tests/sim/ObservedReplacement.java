package dev.farshore.tests.sim;

import dev.farshore.log.disk.Completion;
import dev.farshore.log.group.ImageReplacement;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;

/** A replacement of base images whose commit is told to the oracle. */
record ObservedReplacement(ImageReplacement replacement, LogPosition at, StoreOracle oracle)
    implements ImageReplacement {

  @Override
  public Progress progress() {
    return replacement.progress();
  }

  @Override
  public void write(int volume, long offset, ByteBuffer data, Completion completion) {
    replacement.write(volume, offset, data, completion);
  }

  @Override
  public void advance(Progress upTo, Completion completion) {
    replacement.advance(upTo, completion);
  }

  @Override
  public void commit(String asideName) throws IOException {
    oracle.fillCommits(at);
    replacement.commit(asideName);
    oracle.fillCommitted();
  }

  @Override
  public void abandon() throws IOException {
    replacement.abandon();
  }

  @Override
  public void close() throws IOException {
    replacement.close();
  }
}

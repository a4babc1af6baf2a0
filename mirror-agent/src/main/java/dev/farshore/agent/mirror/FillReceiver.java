package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.control.ControlMessage.FillFrom;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.group.ImageReplacement;
import dev.farshore.log.group.ImageReplacement.Progress;
import dev.farshore.log.group.VolumeInfo;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Puts base images that arrive into a replacement, a bounded number of bytes at a time, and records
 * the progress now and then so that a broken fill is resumed. Owned by the group's thread.
 */
final class FillReceiver {
  private static final long MAX_WRITING_BYTES = 8L << 20;
  private static final long ADVANCE_BYTES = 32L << 20;

  private final ImageReplacement replacement;
  private final List<VolumeInfo> volumes;
  private final FillFrom from;
  private long writingBytes;
  private long sinceAdvance;
  private boolean advancing;
  private Progress reached;
  private boolean ended;
  private IOException failure;

  /**
   * @param volumes whose images are to come, in order of their numbers
   */
  FillReceiver(ImageReplacement replacement, List<VolumeInfo> volumes) {
    this.volumes = volumes;
    this.replacement = replacement;
    this.reached = replacement.progress();
    this.from = new FillFrom(reached.volume(), reached.offset());
  }

  /** Where the primary should go on. */
  FillFrom from() {
    return from;
  }

  /** Bytes of the images that have arrived or are known to be holes. */
  long doneBytes() {
    long done = 0;
    for (VolumeInfo volume : volumes) {
      if (volume.volume() < reached.volume() || ended) {
        done += volume.sizeBytes();
      } else if (volume.volume() == reached.volume()) {
        done += Math.min(reached.offset(), volume.sizeBytes());
      }
    }
    return done;
  }

  long totalBytes() {
    return volumes.stream().mapToLong(VolumeInfo::sizeBytes).sum();
  }

  boolean ready() {
    return failure == null && writingBytes < MAX_WRITING_BYTES && !advancing && !ended;
  }

  void onData(int volume, long offset, ByteBuffer data) {
    int bytes = data.remaining();
    ByteBuffer copy = ByteBuffer.allocate(bytes).put(data).flip();
    writingBytes += bytes;
    replacement.write(volume, offset, copy, after(() -> writingBytes -= bytes));
    reached = new Progress(volume, offset + bytes);
    sinceAdvance += bytes;
    advanceIfDue();
  }

  void onAdvance(int volume, long offset) {
    reached = new Progress(volume, offset);
    advanceIfDue();
  }

  /** Progress is recorded when nothing before it is still being written. */
  private void advanceIfDue() {
    if (sinceAdvance >= ADVANCE_BYTES && writingBytes == 0) {
      sinceAdvance = 0;
      advancing = true;
      replacement.advance(reached, after(() -> advancing = false));
    }
  }

  private Completion after(Runnable next) {
    return new Completion() {
      @Override
      public void done() {
        next.run();
        advanceIfDue();
      }

      @Override
      public void failed(IOException cause) {
        failure = cause;
      }
    };
  }

  void onEnd() {
    ended = true;
  }

  /** Whether everything has arrived and is written. */
  boolean whole() {
    return ended && writingBytes == 0 && !advancing && failure == null;
  }

  void checkFailure() throws IOException {
    if (failure != null) {
      throw new IOException("base images could not be written", failure);
    }
  }

  void commit(String asideName) throws IOException {
    replacement.commit(asideName);
  }

  void close() throws IOException {
    replacement.close();
  }
}

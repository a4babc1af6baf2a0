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

  /** A broken fill repeats at most one part in so many, which is how often it forces … */
  private static final long ADVANCES = 64;

  /** … and no more than this, however large the volumes are. */
  private static final long ADVANCE_BYTES_MAX = 32L << 20;

  private final ImageReplacement replacement;
  private final List<VolumeInfo> volumes;
  private final FillFrom from;
  private final long advanceBytes;
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
    this.advanceBytes = Math.min(totalBytes() / ADVANCES + 1, ADVANCE_BYTES_MAX);
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

  /**
   * Whether more may come. When progress is due, nothing more is taken until it is recorded: what
   * comes faster than the disk writes would put it off for ever.
   */
  boolean ready() {
    return failure == null
        && writingBytes < MAX_WRITING_BYTES
        && sinceAdvance < advanceBytes
        && !advancing
        && !ended;
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
    if (sinceAdvance >= advanceBytes && writingBytes == 0) {
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

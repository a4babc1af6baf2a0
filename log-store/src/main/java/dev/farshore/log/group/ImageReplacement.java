package dev.farshore.log.group;

import dev.farshore.log.disk.Completion;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Base images that are being received; they serve nobody before {@link #commit}. */
public interface ImageReplacement extends AutoCloseable {

  /** A place in the copy: everything before it, in order of volume and offset, is durably here. */
  record Progress(int volume, long offset) implements Comparable<Progress> {
    @Override
    public int compareTo(Progress other) {
      int byVolume = Integer.compare(volume, other.volume);
      return byVolume != 0 ? byVolume : Long.compare(offset, other.offset);
    }
  }

  /** Where to go on; after a restart, what was last forced. */
  Progress progress();

  /**
   * Puts bytes into an image. Not twice at one place while a first write there is under way.
   *
   * @param offset a multiple of 4096
   * @param data from position to limit; a multiple of 4096 bytes, or up to the end of the volume
   */
  void write(int volume, long offset, ByteBuffer data, Completion completion);

  /**
   * Says that everything before {@code upTo} was written or is a hole; forced and recorded once
   * complete. One at a time. After one that failed nothing is taken any more: what is durable is
   * unknown until it has been resumed.
   *
   * @param upTo not before the present progress
   */
  void advance(Progress upTo, Completion completion);

  /**
   * Makes the images the group's, and an empty log that starts after their position its log;
   * durable and atomic. The old log is kept aside under {@code asideName}, whole, unless it is
   * empty; with a number behind it ({@code ~2}) if that is the name of an older one. Pinned views
   * and image sources of the old images are lost. Blocks.
   *
   * @throws IOException if it could not be done: {@link GroupStore#failure} tells whether the old
   *     images are still in service
   */
  void commit(String asideName) throws IOException;

  /** Forgets what was received so far. */
  void abandon() throws IOException;

  /** Stops for now; {@link GroupStore#receiveImages} resumes. */
  @Override
  void close() throws IOException;
}

package dev.farshore.log.group;

import dev.farshore.log.disk.Completion;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Base images that are being received; they serve nobody before {@link #commit}. */
public interface ImageReplacement extends AutoCloseable {

  /** A place in the copy: everything before it, in order of volume and offset, is durably here. */
  record Progress(int volume, long offset) {}

  /** Where to go on; after a restart, what was last forced. */
  Progress progress();

  /** Puts bytes into an image, in order of volume and offset. */
  void write(int volume, long offset, ByteBuffer data, Completion completion);

  /**
   * Says that everything before {@code upTo} was written or is a hole; forced now and then, and
   * recorded.
   */
  void advance(Progress upTo, Completion completion);

  /**
   * Makes the images the group's, and an empty log that starts after their position its log;
   * durable and atomic. The old log's records that the new one does not hold are kept aside under
   * {@code asideName}. Blocks.
   */
  void commit(String asideName) throws IOException;

  /** Forgets what was received so far. */
  void abandon() throws IOException;

  /** Stops for now; {@link GroupStore#receiveImages} resumes. */
  @Override
  void close() throws IOException;
}

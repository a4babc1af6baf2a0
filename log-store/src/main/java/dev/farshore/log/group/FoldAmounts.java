package dev.farshore.log.group;

import java.io.IOException;
import java.util.Optional;

/** How much waits for a fold, and how much folds have moved since the store was opened. */
final class FoldAmounts {
  private long unfoldedBytes;
  private long foldedBytes;
  private long imageBytes;

  /** Records of so many bytes are in the log and not in the images. */
  void appended(long bytes) {
    unfoldedBytes += bytes;
  }

  /** The log was cut: so many bytes of records are left that are not in the images. */
  void cut(long bytes) {
    unfoldedBytes = bytes;
  }

  /**
   * @param recordBytes of records that a fold has brought into the images
   * @param writtenBytes that it wrote there
   */
  void folded(long recordBytes, long writtenBytes) {
    foldedBytes += recordBytes;
    unfoldedBytes -= recordBytes;
    imageBytes += writtenBytes;
  }

  long unfoldedBytes() {
    return unfoldedBytes;
  }

  /**
   * @param records that are not in the images
   * @param stalled why the fold rests
   */
  FoldProgress progress(long records, Optional<IOException> stalled) {
    return new FoldProgress(records, unfoldedBytes, foldedBytes, imageBytes, stalled);
  }
}

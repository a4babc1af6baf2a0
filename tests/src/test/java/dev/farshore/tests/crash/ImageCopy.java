package dev.farshore.tests.crash;

import dev.farshore.log.disk.Awaited;
import dev.farshore.log.group.Extent;
import dev.farshore.log.group.ImageReplacement;
import dev.farshore.log.group.ImageReplacement.Progress;
import dev.farshore.log.group.ImageSource;
import dev.farshore.log.group.VolumeInfo;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Copies the images of a store into the same store, as a fill from another site would. */
final class ImageCopy {
  private static final int PIECE_BYTES = 64 << 10;

  private final GroupOnDisk group;

  ImageCopy(GroupOnDisk group) {
    this.group = group;
  }

  /**
   * @param asideName of the log that is replaced
   */
  void run(String asideName) throws IOException {
    try (ImageSource source = group.store().openImages();
        ImageReplacement replacement = group.store().receiveImages(source.at(), source.volumes())) {
      for (VolumeInfo info : source.volumes()) {
        if (info.volume() >= replacement.progress().volume()) {
          copy(source, replacement, info);
        }
      }
      replacement.commit(asideName);
    }
  }

  private void copy(ImageSource source, ImageReplacement replacement, VolumeInfo info)
      throws IOException {
    Progress progress = replacement.progress();
    long at = progress.volume() == info.volume() ? progress.offset() : 0;
    while (at < info.sizeBytes()) {
      long left = Math.min(PIECE_BYTES, info.sizeBytes() - at);
      Extent extent = source.extents(info.volume(), at, left, 1).getFirst();
      if (extent.kind() == Extent.Kind.DATA) {
        ByteBuffer bytes = ByteBuffer.allocate((int) extent.length());
        Awaited read = new Awaited();
        source.read(info.volume(), at, bytes, read);
        read.join(group.disk());
        Awaited written = new Awaited();
        replacement.write(info.volume(), at, bytes, written);
        written.join(group.disk());
      }
      at += extent.length();
      if (at % (4 * PIECE_BYTES) == 0) {
        Awaited advanced = new Awaited();
        replacement.advance(new Progress(info.volume(), at), advanced);
        advanced.join(group.disk());
      }
    }
  }
}

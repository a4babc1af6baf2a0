package dev.farshore.log.group;

import dev.farshore.log.disk.Completion;
import dev.farshore.log.record.LogPosition;
import java.nio.ByteBuffer;
import java.util.List;

/** The base images of a group, held still at one position, to be copied. */
public interface ImageSource extends AutoCloseable {

  /** The position whose state the images hold. */
  LogPosition at();

  List<VolumeInfo> volumes();

  /** Verified bytes of a base image. */
  void read(int volume, long offset, ByteBuffer target, Completion completion);

  /** Runs of data and holes from {@code offset} on, at most {@code limit}. */
  List<Extent> extents(int volume, long offset, long length, int limit);

  /** Lets the fold go on. */
  @Override
  void close();
}

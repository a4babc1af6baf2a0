package dev.farshore.log.group;

import dev.farshore.log.disk.Completion;
import java.nio.ByteBuffer;
import java.util.List;

/** The volumes of a group at one LSN. Owned by the group's thread. */
public interface PinnedView extends AutoCloseable {

  long lsn();

  List<VolumeInfo> volumes();

  void read(int volume, long offset, ByteBuffer target, Completion completion);

  List<Extent> extents(int volume, long offset, long length, int limit);

  @Override
  void close();
}

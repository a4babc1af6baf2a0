package dev.farshore.log;

import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.SimulatedPlatter;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** A kind of log that is to be fit for a last copy, and a disk that can be damaged behind it. */
public interface KeeperUnderTest extends AutoCloseable {

  /** The group of every log. */
  long GROUP = StoreUnderTest.GROUP;

  /** Gives the disk to a process; one that had it before is dead now. */
  Disk mount() throws IOException;

  /** The logs on a disk, in segments of 64 KiB. */
  SegmentLogs logs(Disk disk);

  /** What the files of the disk hold, by name. */
  SortedMap<String, byte[]> files() throws IOException;

  /** Has the disk hold these files and no others, durably. No process has it now. */
  void lay(Map<String, byte[]> files) throws IOException;

  /** One in so many of the places that are tried on the quickest disk is tried on this one. */
  default int sparseness() {
    return 1;
  }

  /** Where the disk's faults are, if they can be made at will. */
  Optional<SimulatedPlatter> platter();

  @Override
  void close() throws IOException;
}

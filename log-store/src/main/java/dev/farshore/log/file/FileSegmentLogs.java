package dev.farshore.log.file;

import dev.farshore.log.SegmentLog;
import dev.farshore.log.SegmentLogs;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskFullException;
import dev.farshore.log.record.LogPosition;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The logs of the file store on one disk, by name. Names of files are {@code NAME.NUMBER.segment};
 * beside them lies {@code ballast}, which makes room for an opening on a full disk. Owned by the
 * disk's thread.
 */
public final class FileSegmentLogs implements SegmentLogs {
  private final Disk disk;
  private final LogSettings settings;
  private final RandomGenerator entropy;
  private final Ballast ballast;

  /**
   * @param settings of every log, but for its name
   * @param entropy unguessable; salts the segments, so that old bytes of a recycled one are not
   *     believed
   */
  public FileSegmentLogs(Disk disk, LogSettings settings, RandomGenerator entropy) {
    this.disk = disk;
    this.settings = settings;
    this.entropy = entropy;
    this.ballast = new Ballast(disk, settings.segmentBytes());
  }

  @Override
  public SegmentLog create(String name, LogPosition start) throws IOException {
    delete(name);
    return withBallast(
        FileSegmentLog.create(disk, settings.named(name), start, entropy.nextLong()));
  }

  @Override
  public SegmentLog open(String name) throws IOException {
    try {
      return withBallast(openOrMakeRoom(name));
    } catch (FileNotFoundException e) {
      NoSuchFileException none = new NoSuchFileException(name, null, e.getMessage());
      none.initCause(e);
      throw none;
    }
  }

  private SegmentLog withBallast(SegmentLog log) throws IOException {
    try {
      ballast.keep();
      return log;
    } catch (IOException e) {
      try (log) {
        log.poison(e);
        throw e;
      }
    }
  }

  /** An opening that found no room has changed nothing, and may be tried again. */
  private SegmentLog openOrMakeRoom(String name) throws IOException {
    try {
      return FileSegmentLog.open(disk, settings.named(name), entropy.nextLong());
    } catch (DiskFullException full) {
      if (!ballast.drop()) {
        throw full;
      }
      return FileSegmentLog.open(disk, settings.named(name), entropy.nextLong());
    }
  }

  @Override
  public boolean exists(String name) throws IOException {
    return FileSegmentLog.exists(disk, name);
  }

  @Override
  public void setAside(String name, String asideName) throws IOException {
    List<String> files = files(name);
    for (String file : files) {
      // An interrupted call leaves each file under one of the two names.
      if (disk.exists(asideName(file, name, asideName))) {
        throw new FileAlreadyExistsException(asideName(file, name, asideName));
      }
    }
    for (String file : files) {
      disk.rename(file, asideName(file, name, asideName));
    }
    disk.forceDirectory();
  }

  @Override
  public void delete(String name) throws IOException {
    for (String file : files(name)) {
      disk.delete(file);
    }
    disk.forceDirectory();
  }

  private static String asideName(String file, String name, String asideName) {
    return asideName + file.substring(name.length());
  }

  private List<String> files(String name) throws IOException {
    return disk.list().stream()
        .filter(file -> SegmentFileName.fileNumber(name, file).isPresent())
        .toList();
  }
}

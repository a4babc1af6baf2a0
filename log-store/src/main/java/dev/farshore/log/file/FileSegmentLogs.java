package dev.farshore.log.file;

import dev.farshore.log.SegmentLog;
import dev.farshore.log.SegmentLogs;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.record.LogPosition;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The logs of the file store on one disk, by name. Names of files are {@code NAME.NUMBER.segment}.
 * Owned by the disk's thread.
 */
public final class FileSegmentLogs implements SegmentLogs {
  private final Disk disk;
  private final LogSettings settings;
  private final RandomGenerator entropy;

  /**
   * @param settings of every log, but for its name
   * @param entropy unguessable; salts the segments, so that old bytes of a recycled one are not
   *     believed
   */
  public FileSegmentLogs(Disk disk, LogSettings settings, RandomGenerator entropy) {
    this.disk = disk;
    this.settings = settings;
    this.entropy = entropy;
  }

  @Override
  public SegmentLog create(String name, LogPosition start) throws IOException {
    delete(name);
    return FileSegmentLog.create(disk, settings.named(name), start, entropy.nextLong());
  }

  @Override
  public SegmentLog open(String name) throws IOException {
    try {
      return FileSegmentLog.open(disk, settings.named(name), entropy.nextLong());
    } catch (FileNotFoundException e) {
      NoSuchFileException none = new NoSuchFileException(name, null, e.getMessage());
      none.initCause(e);
      throw none;
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

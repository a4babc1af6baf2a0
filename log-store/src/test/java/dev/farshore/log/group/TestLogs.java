package dev.farshore.log.group;

import dev.farshore.log.SegmentLog;
import dev.farshore.log.SegmentLogs;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;

record TestLogs(Disk disk, java.util.Random entropy) implements SegmentLogs {
  static final java.util.Random ENTROPY = new java.util.Random(99);

  static SegmentLogs on(Disk disk) {
    return new TestLogs(disk, ENTROPY);
  }

  @Override
  public SegmentLog create(String name, LogPosition start) throws IOException {
    delete(name);
    return new PlainLog(disk, name, start);
  }

  @Override
  public SegmentLog open(String name) throws IOException {
    return new PlainLog(disk, name, null);
  }

  @Override
  public void setAside(String name, String asideName) throws IOException {
    for (String file : disk.list()) {
      if (file.startsWith(name + ".")) {
        disk.rename(file, asideName + file.substring(name.length()));
      }
    }
    disk.forceDirectory();
  }

  @Override
  public void delete(String name) throws IOException {
    for (String file : disk.list()) {
      if (file.startsWith(name + ".")) {
        disk.delete(file);
      }
    }
    disk.forceDirectory();
  }
}

package dev.farshore.log.group;

import dev.farshore.log.SegmentLog;
import dev.farshore.log.SegmentLogs;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.file.FileSegmentLogs;
import dev.farshore.log.file.LogSettings;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.util.Random;

/** The kinds of log that the store is tested on. */
enum TestLogs {
  /** The default store, with small segments and little memory, so that it reads from disk. */
  FILE {
    @Override
    SegmentLogs on(Disk disk, Random entropy) {
      LogSettings settings = new LogSettings("any", StoreWorld.GROUP, 64 << 10, 16 << 10, 1);
      return new FileSegmentLogs(disk, settings, entropy);
    }
  },
  /** The plainest one; with it a failure is the store's own. */
  PLAIN {
    @Override
    SegmentLogs on(Disk disk, Random entropy) {
      return new PlainLogs(disk);
    }
  };

  abstract SegmentLogs on(Disk disk, Random entropy);

  private record PlainLogs(Disk disk) implements SegmentLogs {

    @Override
    public SegmentLog create(String name, LogPosition start) throws IOException {
      delete(name);
      return PlainLog.create(disk, name, start);
    }

    @Override
    public SegmentLog open(String name) throws IOException {
      return PlainLog.open(disk, name);
    }

    @Override
    public boolean exists(String name) throws IOException {
      return disk.list().stream().anyMatch(file -> file.startsWith(name + "."));
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
}

package dev.farshore.log.disk;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RealDiskTest extends DiskContract {

  @TempDir Path directory;

  @Override
  Disk open() throws IOException {
    return new RealDisk(directory, () -> {});
  }

  @Test
  void wakesItsOwnerWhenAnOutcomeIsQueued() throws IOException, InterruptedException {
    CountDownLatch woken = new CountDownLatch(1);
    try (Disk disk = new RealDisk(directory, woken::countDown);
        DiskFile file = disk.create("a", Disk.Access.LOG)) {
      Outcome forced = new Outcome();
      file.force(forced);
      assertTrue(woken.await(30, TimeUnit.SECONDS));
      assertTrue(disk.poll(0) == 1 && forced.isTold());
    }
  }
}

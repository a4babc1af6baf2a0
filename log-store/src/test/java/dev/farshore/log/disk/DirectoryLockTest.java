package dev.farshore.log.disk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockTest {

  @TempDir Path directory;

  /** What the other process of these tests runs: holds the lock until its input ends. */
  static final class Holder {
    public static void main(String[] arguments) throws IOException {
      try (DirectoryLock lock = DirectoryLock.acquire(Path.of(arguments[0]))) {
        System.out.println("held " + lock.hashCode());
        System.in.transferTo(System.out);
      }
    }
  }

  @Test
  void isHeldOnceAndCanBeHadAgainWhenGivenUp() throws IOException {
    try (DirectoryLock first = DirectoryLock.acquire(directory)) {
      for (int i = 0; i < 2; i++) {
        IOException refused =
            assertThrows(IOException.class, () -> DirectoryLock.acquire(directory).close());
        assertTrue(refused.getMessage().contains("which is this one"), refused.getMessage());
      }
      assertTrue(first != null);
    }
    DirectoryLock.acquire(directory).close();
  }

  @Test
  void namesTheDirectoryAndTheProcessThatHoldsIt() throws IOException, InterruptedException {
    Process holder =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader output = holder.inputReader()) {
      assertTrue(output.readLine().startsWith("held"));
      DirectoryLockedException refused =
          assertThrows(
              DirectoryLockedException.class, () -> DirectoryLock.acquire(directory).close());
      assertTrue(refused.getMessage().contains(directory.toString()), refused.getMessage());
      assertTrue(refused.getMessage().contains("process " + holder.pid()), refused.getMessage());
      assertTrue(refused.getMessage().contains("Holder"), refused.getMessage());
    } finally {
      holder.destroyForcibly();
    }
    assertEquals(137, holder.waitFor());
    DirectoryLock.acquire(directory).close();
  }
}

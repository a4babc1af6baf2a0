package dev.farshore.log.chronicle;

import java.io.IOException;
import java.nio.file.Path;

/** Copies of directories of Chronicle: their files are hundreds of megabytes of holes. */
final class SparseCopy {

  private SparseCopy() {}

  /** Makes {@code target}, which does not exist, a copy of the directory {@code source}. */
  static void of(Path source, Path target) throws IOException {
    run("cp", "-r", "--sparse=always", source.toString(), target.toString());
  }

  static void delete(Path directory) throws IOException {
    run("rm", "-r", directory.toString());
  }

  private static void run(String... command) throws IOException {
    try {
      int code = new ProcessBuilder(command).inheritIO().start().waitFor();
      if (code != 0) {
        throw new IOException(String.join(" ", command) + ": exit code " + code);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}

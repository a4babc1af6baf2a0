package dev.farshore.emulab.testbed.live;

import dev.farshore.emulab.testbed.Outcome;
import dev.farshore.emulab.testbed.Testbed;
import dev.farshore.emulab.testbed.Trial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Runs trials with real processes in network namespaces of this machine. Needs root. */
public final class LiveTestbed implements Testbed {
  private final Path directory;

  /**
   * @param directory where sites keep their data while a trial runs; on the disk to be used, with a
   *     short path, for Unix sockets lie in it
   */
  public LiveTestbed(Path directory) {
    this.directory = directory;
  }

  /** With data in the system's directory for temporary files. */
  public LiveTestbed() {
    this(Path.of(System.getProperty("java.io.tmpdir")));
  }

  @Override
  public Kind kind() {
    return Kind.LIVE;
  }

  @Override
  public Outcome run(Trial trial, long seed) throws IOException, InterruptedException {
    Path home = Files.createTempDirectory(directory, "emulab-");
    try (LiveTrial live = new LiveTrial(trial, new NamespaceGround(trial, seed), seed, home)) {
      return live.run();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}

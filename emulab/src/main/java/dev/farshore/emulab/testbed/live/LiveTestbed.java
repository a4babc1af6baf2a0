package dev.farshore.emulab.testbed.live;

import dev.farshore.emulab.testbed.Outcome;
import dev.farshore.emulab.testbed.Testbed;
import dev.farshore.emulab.testbed.Trial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Runs trials with real processes: in network namespaces of this machine, which needs root, or on
 * three machines.
 */
public final class LiveTestbed implements Testbed {
  private final Path directory;
  private final Optional<Machines> machines;

  private LiveTestbed(Path directory, Optional<Machines> machines) {
    this.directory = directory;
    this.machines = machines;
  }

  /**
   * On this machine.
   *
   * @param directory where sites keep their data while a trial runs; on the disk to be used, with a
   *     short path, for Unix sockets lie in it
   */
  public LiveTestbed(Path directory) {
    this(directory, Optional.empty());
  }

  /** On this machine, with data in the system's directory for temporary files. */
  public LiveTestbed() {
    this(Path.of(System.getProperty("java.io.tmpdir")));
  }

  /** On three machines, of which this is one. */
  public static LiveTestbed on(Machines machines) {
    return new LiveTestbed(machines.scratch(), Optional.of(machines));
  }

  @Override
  public Kind kind() {
    return Kind.LIVE;
  }

  @Override
  public Hosts hosts() {
    return machines.isPresent() ? Hosts.THREE : Hosts.ONE;
  }

  @Override
  public Outcome run(Trial trial, long seed) throws IOException, InterruptedException {
    AbandonedTrials.remove(directory);
    Path home = Files.createTempDirectory(directory, AbandonedTrials.PREFIX);
    Ground ground =
        machines
            .<Ground>map(three -> new MachineGround(three, trial, seed, home))
            .orElseGet(() -> new NamespaceGround(trial, seed));
    try (LiveTrial live = new LiveTrial(trial, ground, seed, home)) {
      return live.run();
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}

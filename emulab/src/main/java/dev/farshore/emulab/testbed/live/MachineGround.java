package dev.farshore.emulab.testbed.live;

import dev.farshore.agent.config.Address;
import dev.farshore.emulab.testbed.Trial;
import dev.farshore.emulab.wan.ControlSocket;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/**
 * Three machines. The site "west" is a process of this one; those of the others live as long as the
 * remote shells that started them ({@code emulab/bin/while-connected}), and their sockets are
 * reached through these.
 */
final class MachineGround implements Ground {
  private static final long PATIENCE_NANOS = 60_000_000_000L;
  private static final long PAUSE_NANOS = 50_000_000L;

  private final Machines machines;
  private final Trial trial;
  private final long seed;
  private final Path home;
  private Optional<Child> relay = Optional.empty();
  private Optional<RelayWire> wire = Optional.empty();

  /**
   * @param home of the trial, on this machine
   */
  MachineGround(Machines machines, Trial trial, long seed, Path home) {
    this.machines = machines;
    this.trial = trial;
    this.seed = seed;
    this.home = home;
  }

  @Override
  public Wire wire() throws IOException, InterruptedException {
    Path there = scratch("wan");
    Path control = home.resolve("wan.sock");
    List<String> words = new ArrayList<>();
    words.addAll(List.of(program("emulab", "emulab"), "wan"));
    words.addAll(List.of("--listen", machines.wan().near() + ":" + SiteFiles.LINK_PORT));
    words.addAll(List.of("--to", machines.east().address() + ":" + SiteFiles.LINK_PORT));
    words.addAll(List.of("--control", there.resolve("wan.sock").toString()));
    words.add("--seed=" + seed);
    trial.wire().forEach((key, value) -> words.add("--" + key + "=" + value));
    List<String> forwards = List.of(control + ":" + there.resolve("wan.sock"));
    Child started =
        remote("wan", machines.wan().host(), forwards, there, "", words, home.resolve("wan.txt"));
    relay = Optional.of(started);
    awaitAnswer(control, started);
    RelayWire made = new RelayWire(control);
    wire = Optional.of(made);
    return made;
  }

  private static void awaitAnswer(Path control, Child relay)
      throws IOException, InterruptedException {
    long begun = System.nanoTime();
    while (!answers(control)) {
      boolean late = System.nanoTime() - begun > PATIENCE_NANOS;
      if (late || !relay.isAlive()) {
        throw new IOException("the emulated WAN does not answer; " + relay.lastWords());
      }
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  private static boolean answers(Path control) {
    try {
      return !ControlSocket.ask(control, "stats json").isEmpty();
    } catch (IOException notYet) {
      return false;
    }
  }

  private Path scratch(String machine) {
    return machines.scratch().resolve(home.getFileName() + "-" + machine);
  }

  private String program(String module, String name) {
    return machines.directory().resolve(module).resolve("bin").resolve(name).toString();
  }

  @Override
  public SiteFiles.Place place(Side side, Path reached) {
    return switch (side) {
      case WEST -> place(machines.west(), machines.wan().near(), reached);
      case EAST -> place(machines.east().address(), machines.wan().far(), scratch("east"));
    };
  }

  private static SiteFiles.Place place(String listen, String peer, Path own) {
    return new SiteFiles.Place(
        new Address.Internet(listen, SiteFiles.LINK_PORT),
        new Address.Internet(peer, SiteFiles.LINK_PORT),
        own);
  }

  @Override
  public Child start(SiteFiles files, int heapMebibytes) throws IOException {
    String name = files.side().toString();
    if (files.side() == Side.WEST) {
      List<String> command = JavaCommand.ofAgent(files, heapMebibytes);
      return new Child(name, files.output(), Child.builder(command, files.output()).start());
    }
    SiteFiles there = files.there();
    List<String> words =
        List.of(
            "env",
            "FARSHORE_JAVA_OPTS=-Xmx" + heapMebibytes + "m",
            program("mirror-agent", "mirror-agent"),
            "start",
            "--config",
            there.configuration().toString());
    List<String> forwards =
        List.of(files.control() + ":" + there.control(), files.exports() + ":" + there.exports());
    String configuration = Files.readString(files.configuration());
    return remote(
        name, machines.east().host(), forwards, there.home(), configuration, words, files.output());
  }

  /**
   * Starts a program on another machine, in a directory of its own that is removed at the end.
   *
   * @param forwards sockets: here, colon, there
   * @param configuration what is put into {@code farshore.toml} in that directory
   */
  private Child remote(
      String name,
      String host,
      List<String> forwards,
      Path directory,
      String configuration,
      List<String> words,
      Path output)
      throws IOException {
    byte[] input = configuration.getBytes(StandardCharsets.UTF_8);
    List<String> command = new ArrayList<>(List.of(machines.remoteShell().split(" +")));
    forwards.forEach(forward -> command.addAll(List.of("-L", forward)));
    command.add(host);
    command.add(quoted(program("emulab", "while-connected")));
    command.add(quoted(directory.toString()));
    command.add(Integer.toString(input.length));
    words.forEach(word -> command.add(quoted(word)));
    Process process = Child.builder(command, output).start();
    // It is left open: the program there ends with it.
    OutputStream stream = process.getOutputStream();
    stream.write(input);
    stream.flush();
    return new Child(name, output, process);
  }

  /** A remote shell takes words apart once more. */
  private static String quoted(String word) {
    return "'" + word.replace("'", "'\\''") + "'";
  }

  @Override
  public void close() {
    relay.ifPresent(Child::kill);
    if (wire.isPresent()) {
      try {
        wire.get().close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}

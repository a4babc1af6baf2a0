package dev.farshore.appliance.nbd;

import dev.farshore.appliance.export.FixedDirectory;
import dev.farshore.appliance.export.MemoryExport;
import java.io.IOException;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code fio} against this server over memory and against {@code nbdkit memory}, in turn, over Unix
 * sockets. Prints medians of the throughput and of the processor time that the server's process
 * took for an operation; on a busy machine only the latter means much.
 *
 * <p>{@code mvn -pl appliance -am test -Dtest=NbdBench -Dsurefire.failIfNoSpecifiedTests=false}
 */
@Tag("bench")
class NbdBench {

  private static final int MIB = 1 << 20;
  private static final int SECONDS = Integer.getInteger("nbd.bench.seconds", 5);
  private static final int ROUNDS = Integer.getInteger("nbd.bench.rounds", 3);
  private static final double TICKS_PER_SECOND = 100;
  private static final Pattern OPERATIONS = Pattern.compile("\"total_ios\" : (\\d+)");

  private record Workload(String kind, String blockBytes, int depth) {}

  private record Figure(double operations, double cpuMicros) {}

  /**
   * @param pid of the server
   */
  private record Contender(String name, Path socket, long pid) {}

  private static final List<Workload> WORKLOADS =
      List.of(
          new Workload("randread", "4k", 16),
          new Workload("randwrite", "4k", 16),
          new Workload("read", "1M", 4),
          new Workload("write", "1M", 4));

  @TempDir private Path directory;

  @Test
  void comparesWithNbdkit() throws IOException {
    ClientTool.installed("nbdkit", directory);
    Path own = directory.resolve("farshore.sock");
    Path other = directory.resolve("nbdkit.sock");
    Process nbdkit =
        new ProcessBuilder("nbdkit", "-f", "-U", other.toString(), "memory", "512M")
            .inheritIO()
            .start();
    try (LoopbackServer serving =
        new LoopbackServer(
            FixedDirectory.of(new MemoryExport("memory", 512L * MIB)),
            NbdLimits.DEFAULT,
            LoopbackServer.unix(own))) {
      compare(
          new Contender("farshore", path(serving.address()), ProcessHandle.current().pid()),
          new Contender("nbdkit", other, nbdkit.pid()));
    } finally {
      nbdkit.destroy();
    }
  }

  private static Path path(SocketAddress address) {
    return ((UnixDomainSocketAddress) address).getPath();
  }

  private static Path awaited(Path socket) {
    while (!Files.exists(socket)) {
      Thread.onSpinWait();
    }
    return socket;
  }

  private void compare(Contender own, Contender other) throws IOException {
    awaited(other.socket);
    for (Workload workload : WORKLOADS) {
      run(own, workload);
      run(other, workload);
      List<Figure> ours = new ArrayList<>();
      List<Figure> theirs = new ArrayList<>();
      for (int round = 0; round < ROUNDS; round++) {
        ours.add(run(own, workload));
        theirs.add(run(other, workload));
      }
      print(workload, median(ours), median(theirs));
    }
  }

  private static void print(Workload workload, Figure ours, Figure theirs) {
    System.out.printf(
        Locale.ROOT,
        "%-9s %-3s depth %-2d  farshore %8.0f op/s %7.1f us cpu/op   nbdkit %8.0f op/s %7.1f us"
            + " cpu/op   ratio %.2f, cpu %.2f%n",
        workload.kind,
        workload.blockBytes,
        workload.depth,
        ours.operations,
        ours.cpuMicros,
        theirs.operations,
        theirs.cpuMicros,
        ours.operations / theirs.operations,
        ours.cpuMicros / theirs.cpuMicros);
  }

  private static Figure median(List<Figure> figures) {
    List<Double> operations = figures.stream().map(Figure::operations).sorted().toList();
    List<Double> cpu = figures.stream().map(Figure::cpuMicros).sorted().toList();
    return new Figure(operations.get(figures.size() / 2), cpu.get(figures.size() / 2));
  }

  private Figure run(Contender server, Workload workload) throws IOException {
    double before = cpuSeconds(server.pid);
    String output =
        ClientTool.installed("fio", directory)
            .run(
                "--name=b",
                "--ioengine=nbd",
                "--uri=nbd+unix:///?socket=" + server.socket,
                "--rw=" + workload.kind,
                "--bs=" + workload.blockBytes,
                "--iodepth=" + workload.depth,
                "--size=512M",
                "--time_based",
                "--runtime=" + SECONDS,
                "--output-format=json")
            .succeeds()
            .output();
    double cpu = cpuSeconds(server.pid) - before;
    double operations =
        OPERATIONS
            .matcher(output)
            .results()
            .mapToDouble(result -> Double.parseDouble(result.group(1)))
            .max()
            .orElseThrow();
    return new Figure(operations / SECONDS, cpu * 1e6 / operations);
  }

  /** Processor time of a process, all threads, from {@code /proc/PID/stat}, fields 14 and 15. */
  private static double cpuSeconds(long pid) throws IOException {
    String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
    String behindName = stat.substring(stat.lastIndexOf(')') + 1);
    List<String> values =
        Pattern.compile("\\S+").matcher(behindName).results().map(MatchResult::group).toList();
    double ticks = Double.parseDouble(values.get(11)) + Double.parseDouble(values.get(12));
    return ticks / TICKS_PER_SECOND;
  }
}

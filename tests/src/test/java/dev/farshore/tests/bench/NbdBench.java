package dev.farshore.tests.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The agent in mode {@code local} against {@code nbdkit file} on the same disk, under the same
 * {@code fio}. Run by {@code tests/bin/bench-nbd}.
 */
public final class NbdBench {
  private static final long MIB = 1L << 20;
  private static final Fio.Workload FILL = new Fio.Workload("fill", "write", "1M", 4);
  private static final List<Fio.Workload> WORKLOADS =
      List.of(
          new Fio.Workload("random write 4k", "randwrite", "4k", 16),
          new Fio.Workload("random read 4k", "randread", "4k", 16),
          new Fio.Workload("sequential write 1M", "write", "1M", 4),
          new Fio.Workload("sequential read 1M", "read", "1M", 4));

  private final Path directory;
  private final Options options;
  private final Fio fio;
  private final List<NbdContender> contenders = new ArrayList<>();
  private final Map<String, Rounds> speeds = new LinkedHashMap<>();
  private final List<String> costs = new ArrayList<>();
  private final PrintStream results;
  private final DeviceIo device;

  private record Options(
      int rounds, int seconds, int sustainedSeconds, long volumeBytes, List<String> only) {}

  private NbdBench(Path directory, Options options, PrintStream results) throws IOException {
    this.directory = directory;
    this.options = options;
    this.results = results;
    this.device = DeviceIo.under(directory);
    this.fio = new Fio(directory, options.volumeBytes());
  }

  /**
   * @param arguments directory, file for one JSON object a line, rounds, seconds of a burst,
   *     seconds of a sustained run, size of the volume in MiB, contenders separated by commas
   */
  public static void main(String[] arguments) throws IOException {
    Options options =
        new Options(
            Integer.parseInt(arguments[2]),
            Integer.parseInt(arguments[3]),
            Integer.parseInt(arguments[4]),
            Long.parseLong(arguments[5]) * MIB,
            List.of(arguments[6].split(",")));
    try (PrintStream results =
        new PrintStream(Files.newOutputStream(Path.of(arguments[1])), true)) {
      NbdBench bench = new NbdBench(Path.of(arguments[0]), options, results);
      try {
        bench.run();
      } finally {
        bench.contenders.forEach(NbdContender::close);
      }
    }
  }

  private void run() throws IOException {
    for (String name : options.only()) {
      contenders.add(contender(name));
    }
    for (NbdContender contender : contenders) {
      fio.run(FILL, contender.uri(), 0);
      contender.filled();
    }
    bursts();
    sustained();
  }

  private NbdContender contender(String name) throws IOException {
    return switch (name) {
      case "nbdkit" -> NbdContender.nbdkit(directory, options.volumeBytes());
      case "alone" -> NbdContender.alone(directory, options.volumeBytes());
      case "mirrored" -> NbdContender.mirrored(directory, options.volumeBytes());
      default -> throw new IllegalArgumentException("no contender: " + name);
    };
  }

  private void bursts() throws IOException {
    for (int round = 0; round < options.rounds(); round++) {
      for (Fio.Workload workload : WORKLOADS) {
        for (int i = 0; i < contenders.size(); i++) {
          // Nobody always comes after the same neighbour.
          NbdContender contender = contenders.get((i + round) % contenders.size());
          Measured measured = measure(contender, workload, options.seconds());
          speeds
              .computeIfAbsent(workload.name(), name -> new Rounds(options.rounds()))
              .put(contender.name(), round, measured.result().perSecond());
          note("burst", round, contender, workload, measured);
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%d rounds of %d s, volume of %d MiB, on %s%n%n",
        options.rounds(),
        options.seconds(),
        options.volumeBytes() / MIB,
        Files.getFileStore(directory));
    for (Map.Entry<String, Rounds> entry : speeds.entrySet()) {
      System.out.println(entry.getValue().table(entry.getKey(), "requests/s", reference()));
    }
    flushCosts("burst, last round");
  }

  private String[] reference() {
    return contenders.stream()
        .map(NbdContender::name)
        .filter(NbdContender.NBDKIT::equals)
        .toArray(String[]::new);
  }

  private void sustained() throws IOException {
    for (Fio.Workload workload : WORKLOADS) {
      if (workload.pattern().endsWith("write") && options.sustainedSeconds() > 0) {
        for (NbdContender contender : contenders) {
          Measured measured = measure(contender, workload, options.sustainedSeconds());
          note("sustained", options.rounds() - 1, contender, workload, measured);
        }
      }
    }
    flushCosts("sustained, " + options.sustainedSeconds() + " s");
  }

  /**
   * @param own what the server cost until the last reply, with its background work up to then
   * @param deviceBytes what the disk wrote until the last reply
   * @param settledBytes what it wrote until nothing was left to be done, a mirror's part included
   */
  private record Measured(
      Fio.Result result,
      ProcessIo own,
      long deviceBytes,
      long settledBytes,
      long behindBytes,
      double seconds) {}

  private Measured measure(NbdContender contender, Fio.Workload workload, int seconds)
      throws IOException {
    long begun = System.nanoTime();
    ProcessIo before = contender.io();
    long written = device.writtenBytes();
    Fio.Result result = fio.run(workload, contender.uri(), seconds);
    ProcessIo own = contender.io().since(before);
    long inRun = device.writtenBytes() - written;
    long behind = contender.behindBytes();
    double took = (System.nanoTime() - begun) / 1e9;
    contender.settle();
    synchronizeDisk();
    return new Measured(result, own, inRun, device.writtenBytes() - written, behind, took);
  }

  /** What one contender wrote is not left for the next one's time. */
  private void synchronizeDisk() throws IOException {
    try {
      new ProcessBuilder("sync", "-f", directory.toString()).start().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void note(
      String kind, int round, NbdContender contender, Fio.Workload workload, Measured measured) {
    Fio.Result result = measured.result();
    double requests = Math.max(1, result.perSecond() * measured.seconds());
    ObjectNode line = JsonNodeFactory.instance.objectNode();
    line.put("kind", kind);
    line.put("round", round);
    line.put("server", contender.name());
    line.put("workload", workload.name());
    line.put("depth", workload.depth());
    line.put("requestsPerSecond", result.perSecond());
    line.put("bytesPerSecond", result.bytesPerSecond());
    line.put("medianMicros", result.medianMicros());
    line.put("p99Micros", result.p99Micros());
    line.put("serverCpuMicrosPerRequest", measured.own().cpuNanos() / 1e3 / requests);
    line.put("clientBytes", result.bytes());
    line.put("deviceBytesInRun", measured.deviceBytes());
    line.put("deviceBytesSettled", measured.settledBytes());
    line.put("notMirroredBytesAtEnd", measured.behindBytes());
    results.println(json(line));
    if (round == options.rounds() - 1) {
      costs.add(
          String.format(
              Locale.ROOT,
              "%-20s %-20s %10.0f %9.1f %9.0f %9.0f %9.1f %10.2f %9.2f %10d",
              workload.name(),
              contender.name(),
              result.perSecond(),
              result.bytesPerSecond() / MIB,
              result.medianMicros(),
              result.p99Micros(),
              measured.own().cpuNanos() / 1e3 / requests,
              perClientByte(measured.deviceBytes(), result, workload),
              perClientByte(measured.settledBytes(), result, workload),
              measured.behindBytes() / MIB));
    }
  }

  private static double perClientByte(long bytes, Fio.Result result, Fio.Workload workload) {
    return workload.pattern().endsWith("write") ? (double) bytes / result.bytes() : 0;
  }

  private static String json(ObjectNode line) {
    try {
      return new ObjectMapper().writeValueAsString(line);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private void flushCosts(String title) {
    System.out.printf(
        "%-41s %10s %9s %9s %9s %9s %10s %9s %10s%n",
        title,
        "requests/s",
        "MiB/s",
        "p50 us",
        "p99 us",
        "cpu us/rq",
        "disk:byte",
        "settled",
        "behind MiB");
    Stream.concat(costs.stream(), Stream.of("")).forEach(System.out::println);
    costs.clear();
  }
}

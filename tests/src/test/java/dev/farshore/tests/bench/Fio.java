package dev.farshore.tests.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs {@code fio} with its NBD engine. */
final class Fio {

  /**
   * What is asked of a server.
   *
   * @param pattern as fio calls it: randwrite, randread, write, read
   * @param size of one request, as fio writes it
   * @param depth requests that are under way at a time
   */
  record Workload(String name, String pattern, String size, int depth) {}

  /** What came of it; latencies from the submission of a request to its reply. */
  record Result(
      double bytesPerSecond, double perSecond, double medianMicros, double p99Micros, long bytes) {}

  private final Path scratch;
  private final long volumeBytes;

  Fio(Path scratch, long volumeBytes) {
    this.scratch = scratch;
    this.volumeBytes = volumeBytes;
  }

  /**
   * @param uri of the export
   * @param seconds how long; 0 to go over the volume once
   */
  Result run(Workload workload, String uri, int seconds) throws IOException {
    Path output = scratch.resolve("fio.json");
    List<String> time = seconds == 0 ? List.of() : List.of("--time_based", "--runtime=" + seconds);
    List<String> command = new ArrayList<>();
    command.addAll(
        List.of(
            "fio",
            "--name=" + workload.name().replace(' ', '-'),
            "--ioengine=nbd",
            "--uri=" + uri,
            "--rw=" + workload.pattern(),
            "--bs=" + workload.size(),
            "--iodepth=" + workload.depth(),
            "--size=" + volumeBytes,
            "--randrepeat=0",
            "--norandommap",
            "--output-format=json",
            "--output=" + output));
    command.addAll(time);
    Process process =
        new ProcessBuilder(command)
            .directory(scratch.toFile())
            .redirectErrorStream(true)
            .redirectOutput(scratch.resolve("fio.txt").toFile())
            .start();
    try {
      if (process.waitFor() != 0) {
        throw new IOException("fio failed:\n" + Files.readString(scratch.resolve("fio.txt")));
      }
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
    JsonNode job = new ObjectMapper().readTree(output.toFile()).path("jobs").path(0);
    return result(job.path(workload.pattern().endsWith("read") ? "read" : "write"));
  }

  private static Result result(JsonNode side) {
    JsonNode percentiles = side.path("clat_ns").path("percentile");
    return new Result(
        side.path("bw_bytes").asDouble(),
        side.path("iops").asDouble(),
        percentiles.path("50.000000").asDouble() / 1e3,
        percentiles.path("99.000000").asDouble() / 1e3,
        side.path("io_bytes").asLong());
  }
}

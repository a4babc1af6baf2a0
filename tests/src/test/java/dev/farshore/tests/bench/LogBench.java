package dev.farshore.tests.bench;

import dev.farshore.log.chronicle.ChronicleSegmentLogs;
import dev.farshore.log.chronicle.ChronicleSettings;
import dev.farshore.log.disk.RealDisk;
import dev.farshore.log.file.FileSegmentLog;
import dev.farshore.log.file.LogSettings;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Unforced append, and group commit of waiting writers: the stores of the log against plain loops
 * over a {@link java.nio.channels.FileChannel}. Run by {@code tests/bin/bench-log}.
 */
public final class LogBench {
  private static final String REFERENCE = "FileChannel, growing";
  private static final String HARD_REFERENCE = "FileChannel, preallocated";
  private static final int WARM_UP_ROUNDS = 3;

  private final Path directory;
  private final Options options;

  private record Options(
      int rounds, int recordBytes, int records, int writers, int turns, List<String> contenders) {}

  private LogBench(Path directory, Options options) {
    this.directory = directory;
    this.options = options;
  }

  /**
   * @param arguments directory, rounds, record bytes, records per round, waiting writers, forces
   *     per round, contenders separated by commas
   */
  public static void main(String[] arguments) throws IOException {
    Options options =
        new Options(
            Integer.parseInt(arguments[1]),
            Integer.parseInt(arguments[2]),
            Integer.parseInt(arguments[3]),
            Integer.parseInt(arguments[4]),
            Integer.parseInt(arguments[5]),
            List.of(arguments[6].split(",")));
    new LogBench(Path.of(arguments[0]), options).run();
  }

  private void run() throws IOException {
    List<Contender> contenders = contenders();
    Rounds single = new Rounds(options.rounds());
    Rounds unforced = new Rounds(options.rounds());
    Rounds forced = new Rounds(options.rounds());
    for (int round = -WARM_UP_ROUNDS; round < options.rounds(); round++) {
      for (int i = 0; i < contenders.size(); i++) {
        // Nobody always comes after the same neighbour.
        int turn = Math.floorMod(i + round, contenders.size());
        measure(contenders.get(turn), round, List.of(single, unforced, forced));
      }
    }
    System.out.printf(
        "%d rounds, records of %d bytes, on %s%n%n",
        options.rounds(), options.recordBytes(), Files.getFileStore(directory));
    System.out.println(single.table("unforced, one by one", "records/s", references(contenders)));
    System.out.println(
        unforced.table(
            "unforced, " + options.writers() + " a turn", "records/s", references(contenders)));
    System.out.println(
        forced.table("group commit of " + options.writers(), "records/s", references(contenders)));
    for (Contender contender : contenders) {
      contender.close();
    }
  }

  private static String[] references(List<Contender> contenders) {
    return contenders.stream()
        .map(Contender::name)
        .filter(name -> name.equals(REFERENCE) || name.equals(HARD_REFERENCE))
        .toArray(String[]::new);
  }

  private void measure(Contender contender, int round, List<Rounds> figures) throws IOException {
    List<Double> measured =
        List.of(
            perSecond(options.records(), () -> contender.append(options.records(), 1), contender),
            perSecond(
                options.records(),
                () -> contender.append(options.records(), options.writers()),
                contender),
            perSecond(
                options.writers() * options.turns(),
                () -> contender.groupCommit(options.writers(), options.turns()),
                contender));
    for (int i = 0; i < figures.size() && round >= 0; i++) {
      figures.get(i).put(contender.name(), round, measured.get(i));
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static double perSecond(int records, Work work, Contender contender) throws IOException {
    long started = System.nanoTime();
    work.run();
    double figure = records * 1e9 / (System.nanoTime() - started);
    contender.settle();
    return figure;
  }

  private List<Contender> contenders() throws IOException {
    List<Contender> found = new ArrayList<>();
    for (String name : options.contenders()) {
      found.add(contender(name));
    }
    return found;
  }

  private Contender contender(String name) throws IOException {
    int bytes = options.recordBytes();
    long room = (long) bytes * Math.max(options.records(), options.writers() * options.turns());
    return switch (name) {
      case "growing" -> new FileChannelLoop(directory.resolve("growing"), bytes, 0);
      case "preallocated" -> new FileChannelLoop(directory.resolve("preallocated"), bytes, room);
      case "file" -> file();
      case "chronicle" -> chronicle();
      default -> throw new IllegalArgumentException("no contender: " + name);
    };
  }

  private Contender file() throws IOException {
    SegmentLogLoop.Waker waker = new SegmentLogLoop.Waker();
    RealDisk disk = new RealDisk(Files.createDirectory(directory.resolve("file")), waker);
    FileSegmentLog log =
        FileSegmentLog.create(disk, LogSettings.of("log", 1), LogPosition.START, 42);
    return new SegmentLogLoop("file", log, waker, disk::close, options.recordBytes());
  }

  private Contender chronicle() throws IOException {
    SegmentLogLoop.Waker waker = new SegmentLogLoop.Waker();
    ChronicleSegmentLogs logs =
        new ChronicleSegmentLogs(
            Files.createDirectory(directory.resolve("chronicle")),
            new ChronicleSettings(1, ChronicleSettings.DEFAULT_SEGMENT_BYTES, waker));
    return new SegmentLogLoop(
        "chronicle", logs.create("log", LogPosition.START), waker, () -> {}, options.recordBytes());
  }
}

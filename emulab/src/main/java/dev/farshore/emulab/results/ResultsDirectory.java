package dev.farshore.emulab.results;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.farshore.emulab.experiment.Point;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The directory that runs are kept in; its layout is in the package's documentation. */
public final class ResultsDirectory implements Closeable {

  private static final String ABOUT = "about.json";
  private static final String PLAN = "plan.toml";
  private static final String RUNS = "runs";
  private static final String PART = ".part";
  private static final String SAMPLES = "samples.csv";
  private static final String MACHINE = "machine.csv";
  private static final String RUN = "run.json";
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(SerializationFeature.INDENT_OUTPUT)
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .build();

  private final Path directory;
  private final About about;
  private final Optional<FileChannel> lock;

  private ResultsDirectory(Path directory, About about, Optional<FileChannel> lock) {
    this.directory = directory;
    this.about = about;
    this.lock = lock;
  }

  /**
   * Makes the directory, or goes on with one that is there, alone until it is closed. What was
   * begun there and did not come to its end is removed.
   *
   * @param planText of the plan, kept beside the runs; its plots and words may have changed
   * @throws RefusedException if other runs than these are in it, or somebody is at work there
   */
  public static ResultsDirectory open(Path directory, About about, String planText)
      throws IOException, RefusedException {
    Files.createDirectories(directory.resolve(RUNS));
    FileChannel lock = lock(directory);
    try {
      Path file = directory.resolve(ABOUT);
      if (Files.exists(file)) {
        json(file, About.class).requireSame(about, directory);
      } else {
        replace(file, JSON.writeValueAsString(about) + "\n");
      }
      replace(directory.resolve(PLAN), planText);
      removeParts(directory.resolve(RUNS));
    } catch (IOException | RefusedException e) {
      lock.close();
      throw e;
    }
    return new ResultsDirectory(directory, about, Optional.of(lock));
  }

  /**
   * One to read only.
   *
   * @throws RefusedException if there are no results in it
   */
  public static ResultsDirectory read(Path directory) throws IOException, RefusedException {
    Path file = directory.resolve(ABOUT);
    if (!Files.exists(file)) {
      throw new RefusedException(directory + " holds no results: it has no " + ABOUT);
    }
    return new ResultsDirectory(directory, json(file, About.class), Optional.empty());
  }

  private static FileChannel lock(Path directory) throws IOException, RefusedException {
    FileChannel channel =
        FileChannel.open(
            directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return channel;
      }
    } catch (OverlappingFileLockException e) {
      channel.close();
      throw new RefusedException(directory + " is in use by this process");
    }
    channel.close();
    throw new RefusedException(directory + " is in use: another emulab run is at work there");
  }

  private static void removeParts(Path runs) throws IOException {
    for (Path one : list(runs)) {
      if (one.getFileName().toString().endsWith(PART)) {
        remove(one);
      }
    }
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }

  /** A directory of files. */
  private static void remove(Path directory) throws IOException {
    for (Path file : list(directory)) {
      Files.delete(file);
    }
    Files.delete(directory);
  }

  public Path path() {
    return directory;
  }

  public About about() {
    return about;
  }

  public String planText() throws IOException {
    return Files.readString(directory.resolve(PLAN));
  }

  /** The run of a point, if it came to its end. */
  public Optional<RunRecord> finished(Point point, int repetition) throws IOException {
    Path file = at(point, repetition).resolve(RUN);
    try {
      return Optional.of(json(file, RunRecord.class));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /**
   * Keeps a run; one of the same point and repetition is replaced. Either all of it is there
   * afterwards, also after a power cut, or nothing.
   *
   * @param fault more about why it is invalid; may be empty
   */
  public void keep(RunRecord record, SampleLog log, String fault) throws IOException {
    Path place = at(record.point(), record.repetition());
    Path part = place.resolveSibling(place.getFileName() + PART);
    Files.createDirectories(part);
    write(part.resolve(SAMPLES), SampleCsv.text(log.samples()));
    write(part.resolve(MACHINE), SampleCsv.text(log.machine()));
    write(part.resolve(RUN), JSON.writeValueAsString(record) + "\n");
    if (!fault.isEmpty()) {
      write(part.resolve("fault.txt"), fault);
    }
    force(part);
    if (Files.exists(place)) {
      remove(place);
    }
    Files.move(part, place, StandardCopyOption.ATOMIC_MOVE);
    force(place.getParent());
  }

  /** All that came to their end, in the order of the points, then of the repetitions. */
  public List<RunFiles> runs() throws IOException {
    List<RunFiles> runs = new ArrayList<>();
    for (Point point : about.extent().points()) {
      for (int repetition = 1; repetition <= about.extent().repetitions(); repetition++) {
        Optional<RunRecord> record = finished(point, repetition);
        if (record.isPresent()) {
          Path place = at(point, repetition);
          runs.add(
              new RunFiles(
                  record.get(), samples(place.resolve(SAMPLES)), samples(place.resolve(MACHINE))));
        }
      }
    }
    return runs;
  }

  /** Where the files of a run are. */
  public Path at(Point point, int repetition) {
    return directory.resolve(RUNS).resolve(RunName.of(about.extent(), point) + ".r" + repetition);
  }

  private static List<Sample> samples(Path file) throws IOException {
    return SampleCsv.parse(Files.readString(file), file);
  }

  private static <T> T json(Path file, Class<T> type) throws IOException {
    String text = Files.readString(file);
    try {
      return JSON.readValue(text, type);
    } catch (JsonProcessingException e) {
      throw new IOException(file + ": " + e.getOriginalMessage(), e);
    }
  }

  private static void replace(Path file, String text) throws IOException {
    Path part = file.resolveSibling(file.getFileName() + PART);
    write(part, text);
    Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
    force(file.getParent());
  }

  private static void write(Path file, String text) throws IOException {
    Files.writeString(file, text);
    force(file);
  }

  private static void force(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void close() throws IOException {
    if (lock.isPresent()) {
      lock.get().close();
    }
  }
}

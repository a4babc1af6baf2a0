package dev.farshore.log.chronicle;

import dev.farshore.log.RecoveryReport;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.SegmentLogs;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Logs on Chronicle Queue in one directory of the operating system; see this package's description
 * for what they are fit for. Owned by one thread.
 *
 * <p>A log is a directory {@code NAME.chronicle}, which is locked while the log is open.
 */
public final class ChronicleSegmentLogs implements SegmentLogs {

  private static final int FIRST = 1;

  private final Path directory;
  private final ChronicleSettings settings;

  /**
   * @param directory must exist
   */
  public ChronicleSegmentLogs(Path directory, ChronicleSettings settings) throws IOException {
    this.directory = directory.toRealPath();
    this.settings = settings;
  }

  @Override
  public SegmentLog create(String name, LogPosition start) throws IOException {
    LogDirectory log = LogDirectory.create(directory, name);
    return orReleased(log, () -> created(log, start));
  }

  private SegmentLog created(LogDirectory log, LogPosition start) throws IOException {
    log.requireNoLog();
    Path draft = log.home().draft(FIRST);
    List<Segment> segments;
    try (Generation generation = new Generation(settings.group(), draft, settings.wake())) {
      generation.begin(FIRST, start, 0, start.lsn());
      generation.forceNow();
      segments = generation.segments();
    }
    Path path = log.home().commit(FIRST);
    log.force();
    Generation generation = new Generation(settings.group(), path, settings.wake());
    generation.adopt(segments);
    generation.resume();
    return new ChronicleSegmentLog(
        settings, log, generation, new RecoveryReport(start, start.lsn(), 0, 0, 0, true));
  }

  @Override
  public SegmentLog open(String name) throws IOException {
    if (!LogDirectory.exists(directory, name)) {
      throw new NoSuchFileException(directory + ": log " + name);
    }
    LogDirectory log = LogDirectory.lock(directory, name);
    return orReleased(log, () -> opened(log, name));
  }

  private SegmentLog opened(LogDirectory log, String name) throws IOException {
    int number =
        log.home()
            .current()
            .orElseThrow(() -> new NoSuchFileException(directory + ": log " + name));
    log.home().sweep();
    Generation found = new Generation(settings.group(), log.home().path(number), settings.wake());
    boolean kept = false;
    try {
      TailScan scan = new TailScan(settings.group(), found.reader());
      scan.run(found.cycles());
      found.adopt(scan.segments());
      RecoveryReport report = report(scan);
      if (scan.isClean()) {
        kept = true;
        found.closedBefore();
        return new ChronicleSegmentLog(settings, log, found, report);
      }
      Generation rewritten = rewritten(log, found, number + 1, scan);
      return new ChronicleSegmentLog(settings, log, rewritten, report);
    } finally {
      if (!kept) {
        found.close();
        log.home().sweep();
      }
    }
  }

  private static RecoveryReport report(TailScan scan) {
    long rewritten = scan.isClean() ? 0 : scan.end().lsn() - scan.synced();
    return new RecoveryReport(
        scan.end(),
        scan.synced(),
        scan.tornBytes(),
        scan.droppedRecords(),
        rewritten,
        scan.isClean());
  }

  /** The page cache may claim what the disk does not hold: what it claims is written anew. */
  private Generation rewritten(LogDirectory log, Generation found, int number, TailScan scan)
      throws IOException {
    List<Segment> segments = scan.segments();
    List<Segment> linked = segments.subList(0, scan.settledSegments());
    List<Segment> copied = segments.subList(scan.settledSegments(), segments.size());
    return new Redraft(log.home(), settings.group(), settings.wake())
        .run(found, number, linked, copied, scan.end());
  }

  @Override
  public boolean exists(String name) throws IOException {
    return LogDirectory.exists(directory, name);
  }

  @Override
  public void setAside(String name, String asideName) throws IOException {
    if (!LogDirectory.exists(directory, name)) {
      return;
    }
    try (LogDirectory log = LogDirectory.lock(directory, name)) {
      if (LogDirectory.exists(directory, asideName)) {
        throw new FileAlreadyExistsException(directory + ": log " + asideName);
      }
      log.rename(asideName);
    }
  }

  @Override
  public void delete(String name) throws IOException {
    if (!LogDirectory.exists(directory, name)) {
      return;
    }
    try (LogDirectory log = LogDirectory.lock(directory, name)) {
      log.home().delete();
    }
  }

  private interface Opening {
    SegmentLog run() throws IOException;
  }

  /** Gives the directory up again if the log does not come about. */
  private static SegmentLog orReleased(LogDirectory directory, Opening opening) throws IOException {
    boolean done = false;
    try {
      SegmentLog log = opening.run();
      done = true;
      return log;
    } finally {
      if (!done) {
        directory.close();
      }
    }
  }
}

package dev.farshore.log.file;

import dev.farshore.log.LogDamagedException;
import dev.farshore.log.RecoveryReport;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.disk.DiskFile;
import dev.farshore.log.record.LogPosition;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Opens a log that is on disk, after whatever happened to it: finds its segments, where it ends,
 * and whether that is a torn tail or damage; then has it go on in a fresh segment. Blocks.
 */
final class Recovery {

  /** What is open now. */
  record Recovered(SegmentList segments, SegmentSupply supply, Tail tail, RecoveryReport report) {}

  /** A segment that may hold part of the log, and its file. */
  private record Candidate(
      Segment segment, Inventory.Found found, SegmentSlot slot, LogPosition start) {

    /** What its slots say had been forced; of what was cut off later it does not matter. */
    long statedForced() {
      return Math.min(slot.forced(), segment.lastLsn());
    }
  }

  private final Disk disk;
  private final LogSettings settings;
  private final SegmentSupply supply;

  /** Segments that are not part of the log and never were; or that are free already. */
  private final List<Segment> unused = new ArrayList<>();

  /**
   * Segments whose records a later one has taken over. Whether that one is durable nobody knows, so
   * they are kept until this recovery has been committed.
   */
  private final List<Segment> superseded = new ArrayList<>();

  /**
   * Files that were never made ready. They may not have been forced: if the device failed then, the
   * page cache holds zeros where the file system knows of no data, and bytes that are written there
   * and forced read as zeros after the next mount. So they are not used.
   */
  private final List<String> unready = new ArrayList<>();

  private Recovery(Disk disk, LogSettings settings, SegmentSupply supply) {
    this.disk = disk;
    this.settings = settings;
    this.supply = supply;
  }

  /** Begins a log where there is none. */
  static Recovered create(Disk disk, LogSettings settings, LogPosition start, long entropy)
      throws IOException {
    Inventory inventory = Inventory.of(disk, settings);
    SegmentSupply supply =
        new SegmentSupply(disk, settings, entropy, inventory.nextNumber(), inventory.nextFile());
    Recovery recovery = new Recovery(disk, settings, supply);
    if (!recovery.live(recovery.candidates(inventory)).isEmpty()) {
      throw new FileAlreadyExistsException(settings.name());
    }
    recovery.deleteUnready();
    recovery.unused.forEach(supply::retire);
    SegmentList segments = new SegmentList();
    Tail tail = Tail.begin(supply, segments, start, 0);
    tail.commit();
    RecoveryReport report = new RecoveryReport(start, start.lsn(), 0, 0, 0, true);
    return new Recovered(segments, supply, tail, report);
  }

  static Recovered run(Disk disk, LogSettings settings, long entropy) throws IOException {
    Inventory inventory = Inventory.of(disk, settings);
    SegmentSupply supply =
        new SegmentSupply(disk, settings, entropy, inventory.nextNumber(), inventory.nextFile());
    return new Recovery(disk, settings, supply).open(inventory);
  }

  private Recovered open(Inventory inventory) throws IOException {
    List<Candidate> live = live(candidates(inventory));
    if (live.isEmpty()) {
      throw new FileNotFoundException("there is no log called " + settings.name());
    }
    requireNewest(live.getLast(), inventory);
    TailScan scan = scan(live);
    long synced = scan.requireUndamaged();
    deleteUnready();
    keepAwaited(live.getLast());
    unused.forEach(supply::retire);
    return goOn(live, scan, synced);
  }

  private void deleteUnready() throws IOException {
    for (String file : unready) {
      disk.delete(file);
    }
  }

  /** A segment that is said to continue the log is not freed before a restart has succeeded it. */
  private void keepAwaited(Candidate newest) {
    if (newest.slot().state() == SegmentSlot.State.CONTINUED) {
      long next = newest.segment().number() + 1;
      unused.stream().filter(segment -> segment.number() == next).forEach(superseded::add);
      unused.removeAll(superseded);
    }
  }

  /** Sorts the files into those that may be part of the log and those that are not. */
  private List<Candidate> candidates(Inventory inventory) {
    List<Candidate> candidates = new ArrayList<>();
    for (Inventory.Found found : inventory.files()) {
      if (found.slot().isEmpty()) {
        unready.add(found.name());
      } else {
        sort(found, found.slot().get(), candidates);
      }
    }
    candidates.sort(Comparator.comparingLong(candidate -> candidate.segment().number()));
    return candidates;
  }

  private void sort(Inventory.Found found, SegmentSlot slot, List<Candidate> candidates) {
    Segment segment = new Segment(slot.segment(), slot.fileBytes());
    segment.liesIn(found.name());
    segment.becomeReady();
    Optional<LogPosition> start = start(found, slot);
    if (start.isPresent()) {
      candidates.add(new Candidate(segment, found, slot, start.get()));
    } else {
      unused.add(segment);
    }
  }

  private static Optional<LogPosition> start(Inventory.Found found, SegmentSlot slot) {
    if (slot.state() == SegmentSlot.State.FREE) {
      return Optional.empty();
    }
    if (slot.state().inService()) {
      return Optional.of(slot.start());
    }
    return slot.restart() ? Optional.empty() : found.firstBatch().map(BatchHeader::before);
  }

  /** Leaves out what segments of higher numbers have taken over, and says where each ends. */
  private List<Candidate> live(List<Candidate> candidates) {
    List<Candidate> live = new ArrayList<>();
    long next = Long.MAX_VALUE;
    for (Candidate candidate : candidates.reversed()) {
      if (candidate.start().lsn() >= next) {
        superseded.add(candidate.segment());
      } else {
        candidate.segment().spans(candidate.start(), next, candidate.found().bytes());
        next = candidate.start().lsn();
        live.addFirst(candidate);
      }
    }
    return live;
  }

  /** Nothing but the segments before it tells that the last one was there, and how long it was. */
  private static void requireNewest(Candidate newest, Inventory inventory)
      throws LogDamagedException {
    requireLength(newest.found());
    long next = newest.segment().number() + 1;
    switch (newest.slot().state()) {
      case SUCCEEDED -> throw missing(next);
      case CONTINUED -> requireLength(inventory.find(next).orElseThrow(() -> missing(next)));
      default -> {}
    }
  }

  private static LogDamagedException missing(long number) {
    return new LogDamagedException(number, 0, 0, "the segment that the log goes on in is missing");
  }

  private static void requireLength(Inventory.Found found) throws LogDamagedException {
    SegmentSlot slot = found.slot().orElseThrow();
    if (found.bytes() < slot.fileBytes()) {
      throw new LogDamagedException(
          slot.number(), found.bytes(), 0, "the file was " + slot.fileBytes() + " bytes long");
    }
  }

  /**
   * What is read finds out by itself if a segment is missing; what is not read, had been forced.
   */
  private static void requireNoneMissing(List<Candidate> live) throws LogDamagedException {
    for (int i = 1; i < live.size(); i++) {
      Segment before = live.get(i - 1).segment();
      Segment segment = live.get(i).segment();
      if (!segment.restart() && segment.number() != before.number() + 1) {
        throw new LogDamagedException(
            before.number() + 1, 0, before.firstLsn(), "the segment is missing");
      }
    }
  }

  /** Reads everything that is not known from the slots to have been forced. */
  private TailScan scan(List<Candidate> live) throws IOException {
    // What was before the oldest segment was freed, and so it had been forced.
    long stated = live.getFirst().start().lsn();
    for (Candidate candidate : live) {
      stated = Math.max(stated, candidate.statedForced());
    }
    int from = live.size() - 1;
    while (from > 0 && live.get(from).start().lsn() > stated) {
      from--;
    }
    requireNoneMissing(live.subList(0, from + 1));
    TailScan scan = new TailScan(live.get(from).start(), stated);
    for (Candidate candidate : live.subList(from, live.size())) {
      long last = candidate.segment().lastLsn();
      candidate.segment().startAfter(candidate.start());
      try (DiskFile file = disk.open(candidate.found().name(), Disk.Access.RANDOM)) {
        scan.read(disk, file, candidate.segment(), settings.group(), last);
      }
    }
    return scan;
  }

  /** Has the log go on in a fresh segment, behind what is known to have been forced. */
  private Recovered goOn(List<Candidate> live, TailScan scan, long synced) throws IOException {
    long end = scan.appendEnd();
    SegmentList old = new SegmentList();
    SegmentList segments = new SegmentList();
    for (Candidate candidate : live) {
      old.add(candidate.segment());
      segments.add(candidate.segment());
    }
    LogPosition start = new Positions(new RecordFinder(disk, settings, old)).at(synced);
    List<Segment> replaced = segments.removeBehind(synced);
    List<Segment> kept = List.copyOf(segments.all());
    Tail tail = Tail.begin(supply, segments, start, bytesBehind(synced, live));
    RecordCopy.into(tail, new RecordFinder(disk, settings, old), synced + 1, end);
    tail.commit();
    if (!kept.isEmpty()) {
      tail.succeed(kept.getLast());
      shorten(kept.getLast(), synced);
    }
    superseded.addAll(replaced);
    superseded.sort(Comparator.comparingLong(Segment::number));
    superseded.forEach(supply::retire);
    RecoveryReport report =
        new RecoveryReport(
            tail.staging().last(),
            synced,
            scan.tornBytes(),
            scan.lastLsn() - end,
            end - synced,
            scan.isClean());
    return new Recovered(segments, supply, tail, report);
  }

  /** How much lies behind a record, where it is known what lies where. */
  private static long bytesBehind(long lsn, List<Candidate> live) {
    long bytes = 0;
    for (Candidate candidate : live) {
      Segment segment = candidate.segment();
      long first = Math.max(segment.firstLsn(), lsn + 1);
      if (segment.index().map(index -> index.knows(first)).orElse(false)) {
        bytes += segment.end() - segment.index().get().offset(first);
      }
    }
    return bytes;
  }

  /** Ends a segment whose end is in a newer one now, and gives up the room behind that. */
  private void shorten(Segment segment, long last) throws IOException {
    Optional<RecordIndex> index = segment.index();
    if (index.isPresent()) {
      int end = index.get().knows(last + 1) ? index.get().offset(last + 1) : segment.end();
      segment.endAt(last);
      segment.endsAtByte(end);
      DiskFile file = segment.file(disk);
      file.setSize(Math.min(file.size(), BatchHeader.pageAligned(end)));
    }
  }
}

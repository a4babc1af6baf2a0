package dev.farshore.tests.sim;

import dev.farshore.log.group.VolumeInfo;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.LogPosition;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * What one site's log and volumes should hold, from what was given to its store: the oracle's own
 * memory, which no crash of the site touches. The model is cut when the site's log was.
 */
final class LogModel {

  private final Cells cells;
  private final List<LogEntry> entries = new ArrayList<>();
  private TreeMap<Integer, VolumeHistory> volumes = new TreeMap<>();
  private LogPosition start = LogPosition.START;

  LogModel(Cells cells) {
    this.cells = cells;
  }

  LogPosition start() {
    return start;
  }

  long lastLsn() {
    return start.lsn() + entries.size();
  }

  LogPosition last() {
    return entries.isEmpty() ? start : entries.getLast().position();
  }

  /** The record of that LSN; null if it is not in the model. */
  LogEntry at(long lsn) {
    return lsn > start.lsn() && lsn <= lastLsn()
        ? entries.get((int) (lsn - start.lsn() - 1))
        : null;
  }

  /** The position after that record; null if the model does not know it. */
  LogPosition positionAt(long lsn) {
    if (lsn == start.lsn()) {
      return start;
    }
    LogEntry entry = at(lsn);
    return entry == null ? null : entry.position();
  }

  boolean holds(LogPosition position) {
    return position.lsn() <= start.lsn()
        ? position.lsn() < start.lsn() || position.equals(start)
        : position.equals(positionAt(position.lsn()));
  }

  void add(LogEntry entry) {
    if (entry.lsn() != lastLsn() + 1) {
      throw new Violation("L2: record " + entry.lsn() + " was taken after " + lastLsn());
    }
    entries.add(entry);
    apply(entry);
  }

  private void apply(LogEntry entry) {
    long lsn = entry.lsn();
    switch (entry.change()) {
      case Change.Write write ->
          volumes
              .get(write.volume())
              .set(lsn, write.offset(), write.data().remaining(), entry.writeId());
      case Change.Zero zero ->
          volumes.get(zero.volume()).set(lsn, zero.offset(), zero.length(), Cells.ZEROS);
      case Change.Trim trim ->
          volumes.get(trim.volume()).set(lsn, trim.offset(), trim.length(), Cells.ZEROS);
      case Change.VolumeCreate create ->
          volumes.put(
              create.volume(),
              new VolumeHistory(
                  create.volume(), create.name(), create.sizeBytes(), cells.bytes(), lsn));
      case Change.VolumeResize resize ->
          volumes.get(resize.volume()).resize(lsn, resize.sizeBytes());
      case Change.VolumeRemove remove -> volumes.get(remove.volume()).remove(lsn);
      case Change.EpochStart epoch -> {}
      case Change.DegradedSpan span -> {}
      case Change.Mark mark -> {}
    }
  }

  /** The log ends at {@code lsn} now. */
  void cutTo(long lsn) {
    if (lsn < start.lsn() || lsn > lastLsn()) {
      throw new Violation("L2: a log of " + start.lsn() + ".." + lastLsn() + " was cut at " + lsn);
    }
    entries.subList((int) (lsn - start.lsn()), entries.size()).clear();
    volumes.values().removeIf(volume -> volume.createdLsn > lsn);
    volumes.values().forEach(volume -> volume.cutTo(lsn));
  }

  /** The site holds what another one held at {@code at}, and an empty log after it. */
  void replaceBy(LogModel source, LogPosition at) {
    TreeMap<Integer, VolumeHistory> copies = new TreeMap<>();
    source.volumes.forEach(
        (number, volume) -> {
          if (volume.createdLsn <= at.lsn()) {
            copies.put(number, volume.copyAt(at.lsn()));
          }
        });
    volumes = copies;
    entries.clear();
    start = at;
  }

  List<VolumeInfo> volumesAt(long lsn) {
    return volumes.values().stream()
        .filter(volume -> volume.existsAt(lsn))
        .map(volume -> new VolumeInfo(volume.volume, volume.name, volume.sizeAt(lsn)))
        .toList();
  }

  /** The volume of that number, which was created in this log. */
  VolumeHistory volume(int number) {
    return volumes.get(number);
  }

  Cells cells() {
    return cells;
  }
}

package dev.farshore.log.group;

import dev.farshore.log.record.Change;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The volumes of a group as byte arrays, and every change that made them. */
final class StoreModel {
  private record Entry(Change change, boolean endsAppend) {}

  private final List<Entry> entries = new ArrayList<>();
  private final TreeMap<Integer, String> names = new TreeMap<>();
  private final TreeMap<Integer, byte[]> volumes = new TreeMap<>();

  /** LSN of the first entry, less one. */
  private long startLsn;

  void append(List<Change> changes) {
    for (int i = 0; i < changes.size(); i++) {
      Change kept = kept(changes.get(i));
      entries.add(new Entry(kept, i == changes.size() - 1));
      apply(kept);
    }
  }

  private static Change kept(Change change) {
    return change instanceof Change.Write(int volume, long offset, ByteBuffer data)
        ? new Change.Write(
            volume, offset, ByteBuffer.allocate(data.remaining()).put(data.duplicate()).flip())
        : change;
  }

  private void apply(Change change) {
    switch (change) {
      case Change.Write(int volume, long offset, ByteBuffer data) ->
          data.get(0, volumes.get(volume), (int) offset, data.remaining());
      case Change.Zero(int volume, long offset, long length) -> zero(volume, offset, length);
      case Change.Trim(int volume, long offset, long length) -> zero(volume, offset, length);
      case Change.VolumeCreate(int volume, String name, long size) -> {
        volumes.put(volume, new byte[(int) size]);
        names.put(volume, name);
      }
      case Change.VolumeResize(int volume, long size) ->
          volumes.put(volume, Arrays.copyOf(volumes.get(volume), (int) size));
      case Change.VolumeRemove(int volume) -> {
        volumes.remove(volume);
        names.remove(volume);
      }
      default -> {}
    }
  }

  private void zero(int volume, long offset, long length) {
    Arrays.fill(volumes.get(volume), (int) offset, (int) (offset + length), (byte) 0);
  }

  long lastLsn() {
    return startLsn + entries.size();
  }

  /** Whether an append ends with this record. */
  boolean endsAppend(long lsn) {
    return lsn == startLsn || entries.get((int) (lsn - startLsn) - 1).endsAppend();
  }

  /** The end of the append that holds a record. */
  long appendEnd(long lsn) {
    long end = lsn;
    while (end < lastLsn() && !endsAppend(end)) {
      end++;
    }
    return end;
  }

  /** Back to the state after a record. */
  void cut(long lsn) {
    List<Entry> kept = new ArrayList<>(entries.subList(0, (int) (lsn - startLsn)));
    entries.clear();
    volumes.clear();
    names.clear();
    for (Entry entry : kept) {
      entries.add(entry);
      apply(entry.change());
    }
  }

  /** The volumes as they were after a record. */
  Map<Integer, byte[]> frozenAt(long lsn) {
    StoreModel then = new StoreModel();
    for (Entry entry : entries.subList(0, (int) (lsn - startLsn))) {
      then.apply(entry.change());
    }
    return then.volumes;
  }

  /** The volumes as they are, which will not change. */
  Map<Integer, byte[]> frozen() {
    TreeMap<Integer, byte[]> copy = new TreeMap<>();
    volumes.forEach((number, bytes) -> copy.put(number, bytes.clone()));
    return copy;
  }

  /** The volumes, by number. */
  TreeMap<Integer, byte[]> volumes() {
    return volumes;
  }

  List<VolumeInfo> infos() {
    return volumes.entrySet().stream()
        .map(e -> new VolumeInfo(e.getKey(), names.get(e.getKey()), e.getValue().length))
        .toList();
  }
}

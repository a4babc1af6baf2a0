package dev.farshore.tests.sim;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** One volume as it was after each record of a log: its size, and what each cell held. */
final class VolumeHistory {

  /** What something was from a record on. */
  private static final class Versions {
    private long[] lsns = new long[4];
    private long[] values = new long[4];
    private int count;

    void add(long lsn, long value) {
      if (count == lsns.length) {
        lsns = Arrays.copyOf(lsns, count * 2);
        values = Arrays.copyOf(values, count * 2);
      }
      lsns[count] = lsn;
      values[count++] = value;
    }

    void cutTo(long lsn) {
      while (count > 0 && lsns[count - 1] > lsn) {
        count--;
      }
    }

    /** Index of the version after record {@code lsn}; -1 if there was none yet. */
    int indexAt(long lsn) {
      int i = count - 1;
      while (i >= 0 && lsns[i] > lsn) {
        i--;
      }
      return i;
    }

    boolean heldBetween(long value, long low, long high, long before) {
      int i = indexAt(high);
      while (i >= 0 && lsns[i] > low) {
        if (values[i] == value) {
          return true;
        }
        i--;
      }
      return (i >= 0 ? values[i] : before) == value;
    }

    Versions copyAt(long lsn) {
      Versions copy = new Versions();
      for (int i = 0; i < count && lsns[i] <= lsn; i++) {
        copy.add(lsns[i], values[i]);
      }
      return copy;
    }
  }

  final int volume;
  final String name;
  final long createdLsn;
  private final int cellBytes;
  private final List<Versions> cells = new ArrayList<>();
  private Versions sizes = new Versions();
  private long removedLsn = Long.MAX_VALUE;

  VolumeHistory(int volume, String name, long sizeBytes, int cellBytes, long lsn) {
    this.volume = volume;
    this.name = name;
    this.cellBytes = cellBytes;
    this.createdLsn = lsn;
    sizes.add(lsn, sizeBytes);
  }

  void set(long lsn, long offset, long length, long write) {
    int first = (int) (offset / cellBytes);
    int count = (int) (length / cellBytes);
    for (int cell = first; cell < first + count; cell++) {
      cell(cell).add(lsn, write);
    }
  }

  private Versions cell(int index) {
    while (cells.size() <= index) {
      cells.add(new Versions());
    }
    return cells.get(index);
  }

  /** What is cut off is gone, what is added reads as zeros. */
  void resize(long lsn, long sizeBytes) {
    for (int cell = (int) (sizeBytes / cellBytes); cell < cells.size(); cell++) {
      cells.get(cell).add(lsn, Cells.ZEROS);
    }
    sizes.add(lsn, sizeBytes);
  }

  void remove(long lsn) {
    removedLsn = lsn;
  }

  /** Forgets what records above {@code lsn} did; the volume was created at or before it. */
  void cutTo(long lsn) {
    cells.forEach(versions -> versions.cutTo(lsn));
    sizes.cutTo(lsn);
    if (removedLsn > lsn) {
      removedLsn = Long.MAX_VALUE;
    }
  }

  VolumeHistory copyAt(long lsn) {
    VolumeHistory copy = new VolumeHistory(volume, name, 0, cellBytes, createdLsn);
    copy.sizes = sizes.copyAt(lsn);
    cells.forEach(versions -> copy.cells.add(versions.copyAt(lsn)));
    copy.removedLsn = removedLsn <= lsn ? removedLsn : Long.MAX_VALUE;
    return copy;
  }

  boolean existsAt(long lsn) {
    return createdLsn <= lsn && lsn < removedLsn;
  }

  long sizeAt(long lsn) {
    return sizes.values[sizes.indexAt(lsn)];
  }

  /** Whether the cell held {@code value} after some record from {@code low} to {@code high}. */
  boolean heldBetween(int cell, long value, long low, long high) {
    return cell < cells.size()
        ? cells.get(cell).heldBetween(value, low, high, Cells.ZEROS)
        : value == Cells.ZEROS;
  }

  /** What the cell held after record {@code lsn}, for people. */
  long valueAt(int cell, long lsn) {
    if (cell >= cells.size()) {
      return Cells.ZEROS;
    }
    int i = cells.get(cell).indexAt(lsn);
    return i < 0 ? Cells.ZEROS : cells.get(cell).values[i];
  }
}

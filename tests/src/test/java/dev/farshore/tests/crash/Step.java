package dev.farshore.tests.crash;

import dev.farshore.log.group.VolumeInfo;
import dev.farshore.log.record.Change;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.SplittableRandom;

/** A change to a group's volumes, as a line of words and as what it does to byte arrays. */
sealed interface Step {

  /** Words that {@link #of} understands. */
  String line();

  /** The change as the record {@code lsn}. */
  Change change(long lsn);

  /** Does to the volumes what the record {@code lsn} does. */
  void apply(SortedMap<Integer, byte[]> volumes, long lsn);

  /** A new volume of zeros. */
  record Create(int volume, int bytes) implements Step {
    @Override
    public String line() {
      return "create " + volume + " " + bytes + " 0 0";
    }

    @Override
    public Change change(long lsn) {
      return new Change.VolumeCreate(volume, "v" + volume, bytes);
    }

    @Override
    public void apply(SortedMap<Integer, byte[]> volumes, long lsn) {
      volumes.put(volume, new byte[bytes]);
    }
  }

  /** Another size. */
  record Resize(int volume, int bytes) implements Step {
    @Override
    public String line() {
      return "resize " + volume + " " + bytes + " 0 0";
    }

    @Override
    public Change change(long lsn) {
      return new Change.VolumeResize(volume, bytes);
    }

    @Override
    public void apply(SortedMap<Integer, byte[]> volumes, long lsn) {
      volumes.computeIfPresent(volume, (number, old) -> Arrays.copyOf(old, bytes));
    }
  }

  /** Bytes that say which record wrote them. */
  record Write(int volume, int offset, int length, long seed) implements Step {
    @Override
    public String line() {
      return "write " + volume + " " + offset + " " + length + " " + seed;
    }

    @Override
    public Change change(long lsn) {
      return new Change.Write(volume, offset, Payloads.of(seed, lsn, length));
    }

    @Override
    public void apply(SortedMap<Integer, byte[]> volumes, long lsn) {
      ByteBuffer bytes = Payloads.of(seed, lsn, length);
      bytes.get(volumes.get(volume), offset, length);
    }
  }

  /** Zeros, with or without room for them. */
  record Clear(int volume, int offset, int length, boolean trim) implements Step {
    @Override
    public String line() {
      return (trim ? "trim " : "zero ") + volume + " " + offset + " " + length + " 0";
    }

    @Override
    public Change change(long lsn) {
      return trim
          ? new Change.Trim(volume, offset, length)
          : new Change.Zero(volume, offset, length);
    }

    @Override
    public void apply(SortedMap<Integer, byte[]> volumes, long lsn) {
      Arrays.fill(volumes.get(volume), offset, offset + length, (byte) 0);
    }
  }

  /**
   * Something to do to a volume.
   *
   * @param mayResize whether nothing else in its append goes by the size
   */
  static Step random(SplittableRandom random, VolumeInfo info, boolean mayResize) {
    int size = Math.toIntExact(info.sizeBytes());
    if (mayResize && random.nextInt(150) == 0) {
      return new Resize(info.volume(), (1 << 19) + random.nextInt(1 << 20));
    }
    int length = random.nextInt(25) == 0 ? 100_000 : Payloads.SHORTEST + random.nextInt(9000);
    int offset = random.nextInt(size - length);
    if (random.nextInt(3) > 0) {
      // As file systems write.
      offset &= -4096;
    }
    return switch (random.nextInt(12)) {
      case 0 -> new Clear(info.volume(), offset, length, true);
      case 1 -> new Clear(info.volume(), offset, length, false);
      default -> new Write(info.volume(), offset, length, random.nextLong());
    };
  }

  /** The step of a line's words, from {@code at} on. */
  static Step of(String[] words, int at) {
    int volume = Integer.parseInt(words[at + 1]);
    int first = Integer.parseInt(words[at + 2]);
    int second = Integer.parseInt(words[at + 3]);
    return switch (words[at]) {
      case "create" -> new Create(volume, first);
      case "resize" -> new Resize(volume, first);
      case "write" -> new Write(volume, first, second, Long.parseLong(words[at + 4]));
      case "trim" -> new Clear(volume, first, second, true);
      case "zero" -> new Clear(volume, first, second, false);
      default -> throw new AssertionError("no step: " + String.join(" ", words));
    };
  }
}

package dev.farshore.log.group;

import dev.farshore.log.record.Change;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes random appends that fit a model, of all alignments that hurt. */
final class ChangeMaker {
  private static final int BLOCK = 4096;

  private final Random random;
  private final int sizeMax;
  private int nextVolume = 1;

  ChangeMaker(Random random, int sizeMax) {
    this.random = random;
    this.sizeMax = sizeMax;
  }

  List<Change> append(StoreModel model) {
    List<Integer> volumes = List.copyOf(model.volumes().keySet());
    int kind = random.nextInt(100);
    if (volumes.isEmpty() || (kind < 3 && volumes.size() < 4)) {
      return List.of(create());
    }
    int volume = volumes.get(random.nextInt(volumes.size()));
    int size = model.volumes().get(volume).length;
    if (kind < 5 && volumes.size() > 1) {
      return List.of(new Change.VolumeRemove(volume));
    }
    if (kind < 9) {
      return List.of(new Change.VolumeResize(volume, size()));
    }
    if (kind < 11) {
      return List.of(new Change.Mark("mark " + kind));
    }
    List<Change> changes = new ArrayList<>();
    int count = random.nextInt(4) == 0 ? 1 + random.nextInt(5) : 1;
    for (int i = 0; i < count; i++) {
      int target = volumes.get(random.nextInt(volumes.size()));
      int length = model.volumes().get(target).length;
      changes.add(length == 0 ? new Change.Mark("empty") : range(target, length));
    }
    return changes;
  }

  private Change create() {
    int number = nextVolume++;
    return new Change.VolumeCreate(number, "volume " + number, size());
  }

  /** After a cut the numbers of volumes that are gone may be used again. */
  void cutTo(int highestVolume) {
    nextVolume = highestVolume + 1;
  }

  private int size() {
    int size = random.nextInt(sizeMax);
    return switch (random.nextInt(3)) {
      case 0 -> size / BLOCK * BLOCK;
      case 1 -> size / 512 * 512;
      default -> size;
    };
  }

  private Change range(int volume, int size) {
    int offset = random.nextInt(size);
    int length = 1 + random.nextInt(Math.min(size - offset, longest()));
    switch (random.nextInt(3)) {
      case 0 -> {
        offset = offset / BLOCK * BLOCK;
        length = Math.min(size - offset, (length + BLOCK - 1) / BLOCK * BLOCK);
      }
      case 1 -> {
        offset = offset / 512 * 512;
        length = Math.min(size - offset, (length + 511) / 512 * 512);
      }
      default -> {}
    }
    return switch (random.nextInt(10)) {
      case 0 -> new Change.Zero(volume, offset, length);
      case 1 -> new Change.Trim(volume, offset, length);
      default -> new Change.Write(volume, offset, data(length));
    };
  }

  private int longest() {
    return switch (random.nextInt(8)) {
      case 0 -> sizeMax;
      case 1, 2 -> 5 * BLOCK;
      case 3, 4, 5 -> BLOCK;
      default -> 600;
    };
  }

  private ByteBuffer data(int length) {
    byte[] bytes = new byte[length];
    if (random.nextInt(10) != 0) {
      random.nextBytes(bytes);
    }
    return ByteBuffer.wrap(bytes);
  }
}

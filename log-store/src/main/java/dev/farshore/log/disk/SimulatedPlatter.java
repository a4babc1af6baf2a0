package dev.farshore.log.disk;

import java.io.FileNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * What outlives the process: the files of one simulated disk, with the physics of power cuts.
 *
 * <p>{@link #mount} gives the disk to a process. {@link #processDeath} ends that process and keeps
 * everything that had completed; {@link #powerCut} also forgets, for each file, sector and
 * directory entry by seed, what had not been forced. Everything that happens follows from the
 * random source and the calls made, so the same seed gives the same run.
 *
 * <p>Faults that can be had: failing calls, power loss at a call and lying forces through {@link
 * #faults}; a full disk ({@link #setCapacity}); rot, stale or misdirected sectors and unreadable
 * sectors in a file; a page cache that is dropped ({@link #dropCaches}), which shows what a failed
 * force lost. Owned by the thread of the disk.
 */
public final class SimulatedPlatter {

  private sealed interface NameChange {}

  private record Linked(String name, SimulatedContents contents) implements NameChange {}

  private record Renamed(String from, String to, SimulatedContents contents)
      implements NameChange {}

  private record Unlinked(String name) implements NameChange {}

  private final RandomGenerator random;
  private final DiskTiming timing;
  private final DiskFaults faults = new DiskFaults();
  private Map<String, SimulatedContents> names = new TreeMap<>();
  private Map<String, SimulatedContents> durableNames = new TreeMap<>();
  private final List<NameChange> unforcedNames = new ArrayList<>();
  private long capacity = Long.MAX_VALUE;
  private SimulatedDisk mounted;

  public SimulatedPlatter(RandomGenerator random, DiskTiming timing) {
    this.random = random;
    this.timing = timing;
  }

  public DiskFaults faults() {
    return faults;
  }

  /**
   * Gives the disk to a new process.
   *
   * @throws IllegalStateException if a process still has it
   */
  public SimulatedDisk mount() {
    if (mounted != null) {
      throw new IllegalStateException("the disk is mounted");
    }
    mounted = new SimulatedDisk(this, random, timing);
    return mounted;
  }

  void unmounted(SimulatedDisk disk) {
    if (mounted == disk) {
      mounted = null;
    }
  }

  /**
   * The process that had the disk is gone. Operations that had completed stand; those under way
   * stopped somewhere, and their completions never run.
   */
  public void processDeath() {
    if (mounted != null) {
      mounted.abandon();
      mounted = null;
    }
    faults.restorePower();
  }

  /** The process is gone, and with it everything that was not forced, as the seed decides. */
  public void powerCut() {
    processDeath();
    loseNames();
    // A file that two names share during an unforced rename is cut once.
    List<SimulatedContents> files = new ArrayList<>();
    for (SimulatedContents contents : durableNames.values()) {
      if (!files.contains(contents)) {
        files.add(contents);
        contents.losePower(random);
      }
    }
    names = new TreeMap<>(durableNames);
  }

  private void loseNames() {
    boolean journaled = random.nextBoolean();
    int kept = random.nextInt(unforcedNames.size() + 1);
    for (int i = 0; i < unforcedNames.size(); i++) {
      if (journaled ? i < kept : random.nextBoolean()) {
        makeDurable(unforcedNames.get(i));
      }
    }
    unforcedNames.clear();
  }

  private void makeDurable(NameChange change) {
    switch (change) {
      case Linked(String name, SimulatedContents contents) -> durableNames.put(name, contents);
      case Renamed(String from, String to, SimulatedContents contents) -> {
        durableNames.remove(from, contents);
        durableNames.put(to, contents);
      }
      case Unlinked(String name) -> durableNames.remove(name);
    }
  }

  /** Clean pages leave the cache, as under memory pressure or when the directory is remounted. */
  public void dropCaches() {
    names.values().forEach(SimulatedContents::dropCache);
  }

  /** Room on the disk, in bytes; what is written beyond it fails with DiskFullException. */
  public void setCapacity(long bytes) {
    capacity = bytes;
  }

  /** Bytes that take room, in whole pages of 4 KiB. */
  public long usedBytes() {
    long used = 0;
    for (SimulatedContents contents : names.values()) {
      used += contents.live().occupied();
    }
    return used;
  }

  /** Flips one bit of a stored file, in cache and on the platter. */
  public void flipBit(String name, long bit) throws FileNotFoundException {
    SimulatedContents contents = contents(name);
    byte[] one = new byte[1];
    contents.live().read(bit / 8, one, 0, 1);
    one[0] ^= (byte) (1 << (bit % 8));
    contents.rot(bit / 8, one);
  }

  /** Replaces every byte of a range by another value, in cache and on the platter. */
  public void rot(String name, long position, int length) throws FileNotFoundException {
    SimulatedContents contents = contents(name);
    byte[] bytes = new byte[length];
    contents.live().read(position, bytes, 0, length);
    for (int i = 0; i < length; i++) {
      bytes[i] ^= (byte) (1 + random.nextInt(255));
    }
    contents.rot(position, bytes);
  }

  /** Puts bytes into a stored file, in cache and on the platter: a stale or misdirected write. */
  public void overwrite(String name, long position, byte[] bytes) throws FileNotFoundException {
    contents(name).rot(position, bytes);
  }

  /** Makes the 512-byte sectors of a range fail to read, until they are written whole. */
  public void makeUnreadable(String name, long position, long length) throws FileNotFoundException {
    contents(name).makeUnreadable(position, length);
  }

  /** The file's bytes as a process sees them now. */
  public byte[] liveBytes(String name) throws FileNotFoundException {
    return contents(name).live().toByteArray();
  }

  /** The file's bytes as the platter holds them, were nothing unforced to reach it. */
  public byte[] durableBytes(String name) throws FileNotFoundException {
    return contents(name).durable().toByteArray();
  }

  /**
   * A platter that holds what this one holds for certain, were the power to go now: what was
   * forced, under the names that were. For those who want to look at a disk as it would be found,
   * while the process that has it runs on.
   */
  public SimulatedPlatter durableCopy(RandomGenerator copyRandom) {
    SimulatedPlatter copy = new SimulatedPlatter(copyRandom, timing);
    durableNames.forEach(
        (name, contents) -> {
          SimulatedContents durable = contents.durableCopy();
          copy.names.put(name, durable);
          copy.durableNames.put(name, durable);
        });
    return copy;
  }

  /** Names of the files that exist now, sorted. */
  public List<String> names() {
    return List.copyOf(names.keySet());
  }

  private SimulatedContents contents(String name) throws FileNotFoundException {
    SimulatedContents contents = names.get(name);
    if (contents == null) {
      throw new FileNotFoundException(name);
    }
    return contents;
  }

  SimulatedContents find(String name) {
    return names.get(name);
  }

  /** How much of a write, from its start, there is room for. */
  int fitting(SimulatedContents contents, long position, int length) {
    return capacity == Long.MAX_VALUE
        ? length
        : contents.live().fitting(position, length, freeBytes() / SparseBytes.PAGE_BYTES);
  }

  long freeBytes() {
    return Math.max(0, capacity - usedBytes());
  }

  void link(String name, SimulatedContents contents) {
    names.put(name, contents);
    unforcedNames.add(new Linked(name, contents));
  }

  void rename(String from, String to) {
    SimulatedContents contents = names.remove(from);
    names.put(to, contents);
    unforcedNames.add(new Renamed(from, to, contents));
  }

  void unlink(String name) {
    names.remove(name);
    unforcedNames.add(new Unlinked(name));
  }

  void forceNames() {
    if (!faults.lies()) {
      unforcedNames.forEach(this::makeDurable);
      unforcedNames.clear();
    }
  }
}

package dev.farshore.log.disk;

import dev.farshore.log.disk.DiskFaults.Call;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/**
 * A disk in virtual time, on a {@link SimulatedPlatter}. An operation takes effect when it
 * completes, at a seeded time after the {@code nowNanos} of the last {@link #poll}; {@link #await}
 * completes what is due next, whatever the time is. One owner thread.
 */
public final class SimulatedDisk implements Disk {

  /** An operation under way. */
  abstract static class Pending {
    private long dueNanos;
    private long sequence;

    /** Takes effect and tells so. */
    abstract void complete();

    /** The process died before it completed. */
    abstract void abandon(RandomGenerator random);

    abstract void fail(IOException cause);
  }

  private static final Comparator<Pending> FIRST_DUE =
      (a, b) -> {
        int byTime = Long.compare(a.dueNanos, b.dueNanos);
        return byTime != 0 ? byTime : Long.compare(a.sequence, b.sequence);
      };

  private final SimulatedPlatter platter;
  private final RandomGenerator random;
  private final DiskTiming timing;
  private final PriorityQueue<Pending> pending = new PriorityQueue<>(FIRST_DUE);
  private final List<SimulatedFile> open = new ArrayList<>();
  private long nowNanos;
  private long nextSequence;
  private boolean closed;

  SimulatedDisk(SimulatedPlatter platter, RandomGenerator random, DiskTiming timing) {
    this.platter = platter;
    this.random = random;
    this.timing = timing;
  }

  @Override
  public DiskFile create(String name, Access access) throws IOException {
    strikeDirectory("create " + name);
    requirePlain(name);
    if (platter.find(name) != null) {
      throw new FileAlreadyExistsException(name);
    }
    SimulatedContents contents = new SimulatedContents();
    platter.link(name, contents);
    return opened(name, access, contents);
  }

  @Override
  public DiskFile open(String name, Access access) throws IOException {
    strikeDirectory("open " + name);
    return opened(name, access, existing(name));
  }

  private DiskFile opened(String name, Access access, SimulatedContents contents) {
    boolean atOnce = access == Access.LOG && timing.logWritesAtOnce();
    SimulatedFile file = new SimulatedFile(this, name, contents, atOnce);
    open.add(file);
    return file;
  }

  @Override
  public boolean exists(String name) throws IOException {
    strikeDirectory("look for " + name);
    return platter.find(name) != null;
  }

  @Override
  public List<String> list() throws IOException {
    strikeDirectory("list");
    return platter.names();
  }

  @Override
  public void delete(String name) throws IOException {
    strikeDirectory("delete " + name);
    existing(name);
    platter.unlink(name);
  }

  @Override
  public void rename(String from, String to) throws IOException {
    strikeDirectory("rename " + from + " to " + to);
    requirePlain(to);
    existing(from);
    platter.rename(from, to);
  }

  @Override
  public void forceDirectory() throws IOException {
    strikeDirectory("force of the directory");
    platter.forceNames();
  }

  @Override
  public long freeBytes() {
    return platter.freeBytes();
  }

  @Override
  public int poll(long nowNanos) {
    this.nowNanos = Math.max(this.nowNanos, nowNanos);
    int ran = 0;
    while (!pending.isEmpty() && pending.peek().dueNanos <= this.nowNanos) {
      pending.poll().complete();
      ran++;
    }
    return ran;
  }

  @Override
  public long nextDeadlineNanos() {
    return pending.isEmpty() ? Long.MAX_VALUE : pending.peek().dueNanos;
  }

  @Override
  public int await() {
    if (pending.isEmpty()) {
      return 0;
    }
    pending.poll().complete();
    return 1;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    while (!pending.isEmpty()) {
      Pending operation = pending.poll();
      operation.abandon(random);
      operation.fail(new IOException("the disk was closed"));
    }
    List.copyOf(open).forEach(SimulatedFile::close);
    platter.unmounted(this);
  }

  /** The process died: its operations stop where they are, and nothing of it is called again. */
  void abandon() {
    closed = true;
    while (!pending.isEmpty()) {
      pending.poll().abandon(random);
    }
  }

  void submit(Call kind, Pending operation) {
    long base =
        switch (kind) {
          case READ -> timing.readNanos();
          case FORCE -> timing.forceNanos();
          case WRITE, SET_SIZE, DIRECTORY -> timing.writeNanos();
        };
    long jitter = timing.jitterNanos() == 0 ? 0 : random.nextLong(timing.jitterNanos() + 1);
    operation.dueNanos = nowNanos + base + jitter;
    operation.sequence = nextSequence++;
    pending.add(operation);
  }

  /** Fails an operation that comes from a completion while the disk is being closed, or later. */
  boolean refuses(Completion completion) {
    if (closed) {
      completion.failed(new IOException("the disk was closed"));
    }
    return closed;
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("the disk was closed");
    }
  }

  void closed(SimulatedFile file) {
    open.remove(file);
  }

  DiskFaults faults() {
    return platter.faults();
  }

  SimulatedPlatter platter() {
    return platter;
  }

  RandomGenerator random() {
    return random;
  }

  private void strikeDirectory(String what) throws IOException {
    requireOpen();
    platter.faults().strike(Call.DIRECTORY, what);
  }

  private SimulatedContents existing(String name) throws NoSuchFileException {
    SimulatedContents contents = platter.find(name);
    if (contents == null) {
      throw new NoSuchFileException(name);
    }
    return contents;
  }

  private static void requirePlain(String name) {
    if (name.isEmpty() || name.indexOf('/') >= 0 || name.startsWith(".")) {
      throw new IllegalArgumentException("not a plain file name: " + name);
    }
  }
}

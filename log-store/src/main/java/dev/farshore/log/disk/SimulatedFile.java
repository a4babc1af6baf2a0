package dev.farshore.log.disk;

import dev.farshore.log.disk.DiskFaults.Call;
import dev.farshore.log.disk.SimulatedDisk.Pending;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/** An open file of a {@link SimulatedDisk}; owned by the disk's thread. */
final class SimulatedFile implements DiskFile {

  private final SimulatedDisk disk;
  private final String name;
  private final SimulatedContents contents;
  private final boolean writesAtOnce;
  private boolean closed;

  SimulatedFile(SimulatedDisk disk, String name, SimulatedContents contents, boolean writesAtOnce) {
    this.disk = disk;
    this.name = name;
    this.contents = contents;
    this.writesAtOnce = writesAtOnce;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public long size() {
    requireOpen();
    return contents.live().size();
  }

  @Override
  public void setSize(long bytes) throws IOException {
    requireOpen();
    disk.faults().strike(Call.SET_SIZE, "set size of " + name);
    contents.setSize(bytes);
  }

  @Override
  public void read(long position, ByteBuffer target, Completion completion) {
    requireOpen();
    if (disk.refuses(completion)) {
      return;
    }
    boolean fails = disk.faults().strikes(Call.READ);
    disk.submit(Call.READ, new Read(position, target, completion, fails));
  }

  @Override
  public void write(long position, ByteBuffer source, Completion completion) {
    requireOpen();
    if (disk.refuses(completion)) {
      return;
    }
    boolean fails = disk.faults().strikes(Call.WRITE);
    Write write = new Write(position, source, completion, fails);
    if (writesAtOnce) {
      write.complete();
    } else {
      disk.submit(Call.WRITE, write);
    }
  }

  @Override
  public void force(Completion completion) {
    requireOpen();
    if (disk.refuses(completion)) {
      return;
    }
    boolean fails = disk.faults().strikes(Call.FORCE);
    disk.submit(Call.FORCE, new Force(contents.nextSequence(), completion, fails));
  }

  @Override
  public void distrustCache() {
    requireOpen();
    if (disk.faults().strikes(Call.FORCE)) {
      contents.failForce(contents.nextSequence(), disk.random());
    } else if (!disk.faults().lies()) {
      contents.force(contents.nextSequence());
    }
    contents.dropCache();
  }

  @Override
  public void close() {
    closed = true;
    disk.closed(this);
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException(name + " is closed");
    }
  }

  private final class Read extends Pending {
    private final long position;
    private final ByteBuffer target;
    private final int start;
    private final int length;
    private final Completion completion;
    private final boolean fails;

    Read(long position, ByteBuffer target, Completion completion, boolean fails) {
      this.position = position;
      this.target = target;
      this.start = target.position();
      this.length = target.remaining();
      this.completion = completion;
      this.fails = fails;
    }

    @Override
    void complete() {
      if (fails) {
        fail(DiskFaults.injected("read of " + name));
      } else if (position + length > contents.live().size()) {
        fail(new EOFException(name + " ends before " + (position + length)));
      } else if (!contents.readable(position, length)) {
        fail(new IOException(name + " has an unreadable sector in " + position + "+" + length));
      } else {
        byte[] bytes = new byte[length];
        contents.live().read(position, bytes, 0, length);
        target.put(start, bytes);
        completion.done();
      }
    }

    @Override
    void abandon(RandomGenerator random) {}

    @Override
    void fail(IOException cause) {
      completion.failed(cause);
    }
  }

  private final class Write extends Pending {
    private final long position;
    private final ByteBuffer source;
    private final int start;
    private final int length;
    private final Completion completion;
    private final boolean fails;

    Write(long position, ByteBuffer source, Completion completion, boolean fails) {
      this.position = position;
      this.source = source;
      this.start = source.position();
      this.length = source.remaining();
      this.completion = completion;
      this.fails = fails;
    }

    @Override
    void complete() {
      byte[] bytes = bytes();
      if (fails) {
        contents.writePart(position, bytes, disk.random());
        fail(DiskFaults.injected("write to " + name));
        return;
      }
      int fitting = disk.platter().fitting(contents, position, length);
      contents.write(position, bytes, fitting);
      if (fitting < length) {
        fail(new DiskFullException("no space left on the simulated disk: " + name, null));
        return;
      }
      completion.done();
    }

    @Override
    void abandon(RandomGenerator random) {
      if (random.nextBoolean()) {
        contents.writePart(position, bytes(), random);
      }
    }

    @Override
    void fail(IOException cause) {
      completion.failed(cause);
    }

    private byte[] bytes() {
      byte[] bytes = new byte[length];
      source.get(start, bytes);
      return bytes;
    }
  }

  private final class Force extends Pending {
    private final long below;
    private final Completion completion;
    private final boolean fails;

    Force(long below, Completion completion, boolean fails) {
      this.below = below;
      this.completion = completion;
      this.fails = fails;
    }

    @Override
    void complete() {
      if (fails) {
        contents.failForce(below, disk.random());
        fail(DiskFaults.injected("force of " + name));
        return;
      }
      if (!disk.faults().lies()) {
        contents.force(below);
      }
      completion.done();
    }

    @Override
    void abandon(RandomGenerator random) {}

    @Override
    void fail(IOException cause) {
      completion.failed(cause);
    }
  }
}

package dev.farshore.agent.mirror;

import dev.farshore.log.disk.Disk;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.slot.SlotFormat;
import dev.farshore.log.slot.TwoSlotFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * A group's leadership in a two-slot file beside its store. The value, big-endian:
 *
 * <pre>
 *   offset size
 *   0      8    group id
 *   8      1    role: 1 primary, 2 mirror
 *   9      1    flags: bit 0 the mirror is detached, bit 1 this site was fenced and has not joined
 *               the leader's log since (older files never have it)
 *   10     2    zero
 *   12     12   promised epoch: counter, site, restart
 *   24     12   epoch in which this site leads
 *   36     12   epoch of a promotion that has begun
 * </pre>
 *
 * <p>Owned by the disk's thread.
 */
public final class LeadershipFile implements LeadershipStore, AutoCloseable {
  private static final String NAME = "leadership";
  private static final long MAGIC = 0x46534c4541445631L;
  private static final SlotFormat FORMAT = new SlotFormat(MAGIC, 1, 4096);
  private static final int BYTES = 48;
  private static final byte PRIMARY = 1;
  private static final byte MIRROR = 2;
  private static final byte DETACHED = 1;
  private static final byte FENCED = 2;

  private final Disk disk;
  private Optional<TwoSlotFile> file = Optional.empty();

  public LeadershipFile(Disk disk) {
    this.disk = disk;
  }

  @Override
  public Optional<Leadership> read() throws IOException {
    if (file.isEmpty() && disk.exists(NAME)) {
      file = Optional.of(TwoSlotFile.open(disk, NAME, FORMAT));
    }
    return file.isPresent() ? Optional.of(decode(file.get().value())) : Optional.empty();
  }

  @Override
  public void write(Leadership leadership) throws IOException {
    ByteBuffer value = encode(leadership);
    if (file.isPresent()) {
      file.get().write(value);
    } else {
      file = Optional.of(TwoSlotFile.create(disk, NAME, FORMAT, value));
    }
  }

  static ByteBuffer encode(Leadership leadership) {
    ByteBuffer out = ByteBuffer.allocate(BYTES);
    out.putLong(leadership.groupId());
    out.put(leadership.role() == Role.PRIMARY ? PRIMARY : MIRROR);
    out.put(
        (byte) ((leadership.mirrorDetached() ? DETACHED : 0) | (leadership.fenced() ? FENCED : 0)));
    out.putShort((short) 0);
    put(out, leadership.promised());
    put(out, leadership.leads());
    put(out, leadership.promotingTo());
    return out.flip();
  }

  private static void put(ByteBuffer out, Epoch epoch) {
    out.putInt(epoch.counter()).putInt(epoch.site()).putInt(epoch.restart());
  }

  static Leadership decode(ByteBuffer in) throws IOException {
    if (in.remaining() != BYTES) {
      throw new IOException("leadership file holds " + in.remaining() + " bytes");
    }
    long groupId = in.getLong();
    byte role = in.get();
    byte flags = in.get();
    short zero = in.getShort();
    if ((role != PRIMARY && role != MIRROR) || (flags & ~(DETACHED | FENCED)) != 0 || zero != 0) {
      throw new IOException("leadership file holds role " + role + ", flags " + flags);
    }
    return new Leadership(
        groupId,
        role == PRIMARY ? Role.PRIMARY : Role.MIRROR,
        epoch(in),
        epoch(in),
        epoch(in),
        (flags & DETACHED) != 0,
        (flags & FENCED) != 0);
  }

  private static Epoch epoch(ByteBuffer in) throws IOException {
    int counter = in.getInt();
    int site = in.getInt();
    int restart = in.getInt();
    if (counter < 0 || site < 0 || restart < 0) {
      throw new IOException("leadership file holds a negative epoch");
    }
    return new Epoch(counter, site, restart);
  }

  @Override
  public void close() throws IOException {
    if (file.isPresent()) {
      file.get().close();
    }
  }
}

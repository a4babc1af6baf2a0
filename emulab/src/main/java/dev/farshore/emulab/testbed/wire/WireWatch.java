package dev.farshore.emulab.testbed.wire;

import dev.farshore.link.model.PathCapture;
import dev.farshore.log.record.LogPosition;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * The link sessions in one direction between two sites, as a capture of that path shows them. It
 * must see the path from its first datagram on. Owned by the network's thread.
 */
public final class WireWatch implements PathCapture {
  private static final int SESSION_AT = 4;
  private static final int TYPE_DATA = 1;
  private static final int TYPE_REPAIR = 2;
  private static final int MAX_DATAGRAM_BYTES = 1500;

  private final BooleanSupplier receiverIsUp;
  private final boolean keepsRecords;
  private final Map<Long, SessionWatch> sessions = new LinkedHashMap<>();
  private SessionWatch latest;

  private WireWatch(BooleanSupplier receiverIsUp, boolean keepsRecords) {
    this.receiverIsUp = receiverIsUp;
    this.keepsRecords = keepsRecords;
  }

  /**
   * Remembers every record that entered.
   *
   * @param receiverIsUp whether a process is there to take what arrives
   */
  public static WireWatch ofAll(BooleanSupplier receiverIsUp) {
    return new WireWatch(receiverIsUp, true);
  }

  /**
   * Remembers the records that the receiver may lack, and the last before them; {@link #brought}
   * and {@link #covered} are then answered for these only. There is always a process that takes
   * what arrives.
   */
  public static WireWatch ofTail() {
    return new WireWatch(() -> true, false);
  }

  @Override
  public void entered(byte[] datagram, long nowNanos) {
    if (carriesData(datagram)) {
      session(datagram).entered(datagram);
    }
  }

  /** It is not on the wire, but repairs that are may restore it. */
  @Override
  public void refused(byte[] datagram, long nowNanos) {
    if (carriesData(datagram)) {
      session(datagram).refused(datagram);
    }
  }

  private SessionWatch session(byte[] datagram) {
    long id = ByteBuffer.wrap(datagram).getLong(SESSION_AT);
    SessionWatch session = sessions.get(id);
    if (session == null) {
      session = new SessionWatch(id, MAX_DATAGRAM_BYTES, keepsRecords);
      sessions.put(id, session);
      latest = session;
    }
    return session;
  }

  @Override
  public void arrived(byte[] datagram, long nowNanos) {
    if (carriesData(datagram) && receiverIsUp.getAsBoolean()) {
      sessions.get(ByteBuffer.wrap(datagram).getLong(SESSION_AT)).arrived(datagram, nowNanos);
    }
  }

  private static boolean carriesData(byte[] datagram) {
    return datagram[0] == TYPE_DATA || datagram[0] == TYPE_REPAIR;
  }

  /** The receiving process is gone, and with it what it had in memory. */
  public void receiverDied() {
    sessions.values().forEach(SessionWatch::receiverDied);
  }

  /** The receiver takes nothing more of what the sessions so far bring. */
  public void close() {
    sessions.values().forEach(SessionWatch::close);
  }

  /** Whether in some session some group lacked one packet more than all its repairs give back. */
  public boolean wasBeyondRepair() {
    return sessions.values().stream().anyMatch(SessionWatch::wasBeyondRepair);
  }

  /** Whether some session brought the present receiver all of this record, or what restores it. */
  public boolean brought(LogPosition record) {
    return sessions.values().stream().anyMatch(session -> session.canRecover(record));
  }

  /** Whether this record was covered in some session. */
  public boolean covered(LogPosition record, int level) {
    return sessions.values().stream().anyMatch(session -> session.covers(record, level));
  }

  /**
   * The furthest record of a group that some session brought the present receiver, or what restores
   * it, without a gap before it in that session; the start if there is none.
   */
  public LogPosition recoverable(long group) {
    LogPosition furthest = LogPosition.START;
    for (SessionWatch session : sessions.values()) {
      if (session.hasReceiver() && session.group().orElse(~group) == group) {
        LogPosition last = session.recoverable();
        furthest = last.lsn() > furthest.lsn() ? last : furthest;
      }
    }
    return furthest;
  }

  /** The session that began last; null if there was none. */
  public SessionWatch latest() {
    return latest;
  }
}

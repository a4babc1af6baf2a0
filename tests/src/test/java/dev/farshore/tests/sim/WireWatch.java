package dev.farshore.tests.sim;

import dev.farshore.link.model.PathCapture;
import dev.farshore.log.record.LogPosition;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** The link sessions in one direction between the sites, as a capture of that path shows them. */
public final class WireWatch implements PathCapture {
  private static final int SESSION_AT = 4;
  private static final int TYPE_DATA = 1;
  private static final int TYPE_REPAIR = 2;
  private static final int MAX_DATAGRAM_BYTES = 1500;

  private final BooleanSupplier receiverIsUp;
  private final Map<Long, SessionWatch> sessions = new LinkedHashMap<>();
  private SessionWatch latest;

  /**
   * @param receiverIsUp whether a process is there to take what arrives
   */
  public WireWatch(BooleanSupplier receiverIsUp) {
    this.receiverIsUp = receiverIsUp;
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
      session = new SessionWatch(id, MAX_DATAGRAM_BYTES);
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
  void receiverDied() {
    sessions.values().forEach(SessionWatch::receiverDied);
  }

  /** The receiver takes nothing more of what the sessions so far bring. */
  void close() {
    sessions.values().forEach(SessionWatch::close);
  }

  void count(Rarities rarities) {
    sessions.values().stream()
        .filter(SessionWatch::wasBeyondRepair)
        .forEach(session -> rarities.reached(Rare.GROUP_BEYOND_REPAIR_RESENT));
  }

  /** Whether some session brought the present receiver all of this record, or what restores it. */
  boolean brought(LogPosition record) {
    return sessions.values().stream().anyMatch(session -> session.canRecover(record));
  }

  /** Whether this record was covered in some session. */
  boolean covered(LogPosition record, int level) {
    return sessions.values().stream().anyMatch(session -> session.covers(record, level));
  }

  /** The session that began last; null if there was none. */
  public SessionWatch latest() {
    return latest;
  }
}

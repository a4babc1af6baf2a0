package dev.farshore.appliance.export;

import dev.farshore.log.group.Extent;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A block device as the NBD server sees it, for one connection. All methods are called on the loop
 * that owns the export, with ranges that lie inside it; replies come on the same loop, in any
 * order, before or after the call returns.
 */
public interface Export extends AutoCloseable {

  /** Why a request failed; the NBD server sends the error of the same name. */
  enum Failure {
    PERMISSION,
    IO,
    OUT_OF_MEMORY,
    INVALID,
    NO_SPACE,
    NOT_SUPPORTED,
    SHUTTING_DOWN
  }

  /** Takes the outcome of a request, exactly once. */
  interface Reply {

    /**
     * The data of a write is no longer needed: it belongs to the caller again, ahead of the
     * outcome, and takes no memory of the export either. Optional, at most once, and not after the
     * outcome. An export whose replies wait for a far site calls it, so that memory does not wait
     * with them.
     */
    default void dataTaken() {}

    void done();

    void failed(Failure failure, String reason);
  }

  /** Takes the outcome of a block status request, exactly once. */
  interface ExtentsReply {
    void done(List<Extent> extents);

    void failed(Failure failure, String reason);
  }

  String name();

  /** For people; may be empty. */
  String description();

  /** Never changes while the export is open. */
  long sizeBytes();

  boolean readOnly();

  /**
   * Whether connections to this export show one and the same device: all of them read the same
   * bytes, and a flush on one covers what was replied to on any other (NBD CAN_MULTI_CONN). False
   * where every connection has a view of its own.
   */
  default boolean manyConnections() {
    return false;
  }

  /** Fills {@code target}, which belongs to the export until the reply. */
  void read(long offset, ByteBuffer target, Reply reply);

  /** {@code data} belongs to the export until the reply, or {@link Reply#dataTaken}. */
  void write(long offset, ByteBuffer data, boolean forceUnitAccess, Reply reply);

  /** Makes a range read as zeros. {@code mayPunchHole}: its room may be given up. */
  void zero(long offset, long length, boolean mayPunchHole, boolean forceUnitAccess, Reply reply);

  void trim(long offset, long length, boolean forceUnitAccess, Reply reply);

  /** Everything that was replied to before this call, on any connection, survives a crash. */
  void flush(Reply reply);

  /** Brings a range near; nothing changes. */
  void cache(long offset, long length, Reply reply);

  /** What lies in a range: extents in order that cover a prefix of it, at least one. */
  void extents(long offset, long length, int limit, ExtentsReply reply);

  /** The connection is gone, and every request that it made was answered. Called once. */
  @Override
  void close();
}

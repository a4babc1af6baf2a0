package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.*;

import dev.farshore.appliance.export.Export;
import dev.farshore.appliance.export.Export.Failure;
import dev.farshore.appliance.nbd.Credits.Source;
import dev.farshore.log.group.Extent;
import java.util.List;

/** BLOCK_STATUS of {@code base:allocation}. */
final class StatusTransaction extends Transaction implements Export.ExtentsReply {

  /** Most descriptors in a reply. The text allows 2^20, and tells clients to ask for the rest. */
  static final int MAX_DESCRIPTORS = 1024;

  /** Extents to look at when only one descriptor is wanted: neighbours may be alike. */
  private static final int LOOK_AHEAD = 16;

  /** Bytes of the largest reply. */
  static final int REPLY_BYTES = CHUNK_HEADER_BYTES + 4 + 8 * MAX_DESCRIPTORS;

  StatusTransaction(Transmission owner, Request request, Source source, long charge) {
    super(owner, request, source, charge);
  }

  @Override
  void start() {
    int limit = request.has(CMD_FLAG_REQ_ONE) ? LOOK_AHEAD : MAX_DESCRIPTORS;
    owner.export().extents(request.offset(), request.length(), limit, this);
  }

  @Override
  void release() {}

  @Override
  public void done(List<Extent> extents) {
    if (replied()) {
      owner.answerStatus(this, extents);
    }
    owner.changed();
  }

  @Override
  public void failed(Failure failure, String reason) {
    replyFailed(failure, reason);
  }
}

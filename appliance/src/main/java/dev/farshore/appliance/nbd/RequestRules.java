package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.*;

/** Which requests the protocol text allows in a session, and which error the others get. */
final class RequestRules {

  private RequestRules() {}

  /**
   * Section "Error values": EINVAL for what is unknown, misplaced or outside the export; ENOSPC for
   * writes beyond its end; EPERM for writes to a read-only export. Not for DISC, which has no
   * reply.
   *
   * @return NONE if the request may be executed; a length of 0 may then still be there, for which
   *     the text asks only that nobody be disconnected
   */
  static NbdError check(Request request, Session session) {
    if ((request.flags() & ~allowedFlags(request.type(), session)) != 0) {
      return NbdError.EINVAL;
    }
    return switch (request.type()) {
      case CMD_READ -> read(request, session);
      case CMD_WRITE -> {
        if (session.export().readOnly()) {
          yield NbdError.EPERM;
        }
        yield request.length() > MAX_PAYLOAD_BYTES
            ? NbdError.EINVAL
            : inside(request, session, NbdError.ENOSPC);
      }
      case CMD_WRITE_ZEROES ->
          session.export().readOnly() ? NbdError.EPERM : inside(request, session, NbdError.ENOSPC);
      case CMD_TRIM ->
          session.export().readOnly() ? NbdError.EPERM : inside(request, session, NbdError.EINVAL);
      case CMD_CACHE -> inside(request, session, NbdError.EINVAL);
      case CMD_FLUSH ->
          request.offset() == 0 && request.length() == 0 ? NbdError.NONE : NbdError.EINVAL;
      case CMD_BLOCK_STATUS ->
          session.allocationStatus() && request.length() > 0
              ? inside(request, session, NbdError.EINVAL)
              : NbdError.EINVAL;
      default -> NbdError.EINVAL;
    };
  }

  /**
   * A structured READ beyond the maximum payload gets EOVERFLOW, so that the client may retry with
   * less; a simple one breaks section "Size constraints".
   */
  private static NbdError read(Request request, Session session) {
    NbdError range = inside(request, session, NbdError.EINVAL);
    if (range != NbdError.NONE || request.length() <= MAX_PAYLOAD_BYTES) {
      return range;
    }
    return session.structuredReplies() ? NbdError.EOVERFLOW : NbdError.EINVAL;
  }

  /** Section "Command flags". FUA must be accepted with every command. */
  private static int allowedFlags(int type, Session session) {
    return CMD_FLAG_FUA
        | switch (type) {
          case CMD_READ -> session.structuredReplies() ? CMD_FLAG_DF : 0;
          case CMD_WRITE_ZEROES -> CMD_FLAG_NO_HOLE | CMD_FLAG_FAST_ZERO;
          case CMD_BLOCK_STATUS -> CMD_FLAG_REQ_ONE;
          default -> 0;
        };
  }

  private static NbdError inside(Request request, Session session, NbdError otherwise) {
    long size = session.export().sizeBytes();
    boolean offsetInside = Long.compareUnsigned(request.offset(), size) <= 0;
    return offsetInside && request.length() <= size - request.offset() ? NbdError.NONE : otherwise;
  }
}

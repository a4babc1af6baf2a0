package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.*;

import dev.farshore.appliance.export.Export;
import dev.farshore.appliance.export.Export.Failure;
import dev.farshore.appliance.nbd.Credits.Source;

/** FLUSH, TRIM, CACHE and WRITE_ZEROES: no payload either way. */
final class PlainTransaction extends Transaction implements Export.Reply {

  PlainTransaction(Transmission owner, Request request, Source source, long charge) {
    super(owner, request, source, charge);
  }

  /** FAST_ZERO needs no check: zeros are one record of the log, whatever their length. */
  @Override
  void start() {
    Export export = owner.export();
    boolean forced = request.has(CMD_FLAG_FUA);
    switch (request.type()) {
      case CMD_FLUSH -> export.flush(this);
      case CMD_TRIM -> export.trim(request.offset(), request.length(), forced, this);
      case CMD_CACHE -> export.cache(request.offset(), request.length(), this);
      case CMD_WRITE_ZEROES ->
          export.zero(
              request.offset(), request.length(), !request.has(CMD_FLAG_NO_HOLE), forced, this);
      default -> throw new IllegalStateException("request type " + request.type());
    }
  }

  @Override
  void release() {}

  @Override
  public void done() {
    if (replied()) {
      owner.answerDone(this);
    }
    owner.changed();
  }

  @Override
  public void failed(Failure failure, String reason) {
    replyFailed(failure, reason);
  }
}

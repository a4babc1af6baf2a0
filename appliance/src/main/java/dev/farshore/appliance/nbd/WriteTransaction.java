package dev.farshore.appliance.nbd;

import dev.farshore.appliance.export.Export;
import dev.farshore.appliance.export.Export.Failure;
import dev.farshore.appliance.nbd.Credits.Source;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/** A WRITE whose payload is whole. */
final class WriteTransaction extends Transaction implements Export.Reply {

  private ByteBuf payload;

  /**
   * @param payload released by this
   */
  WriteTransaction(
      Transmission owner, Request request, Source source, long charge, ByteBuf payload) {
    super(owner, request, source, charge);
    this.payload = payload;
  }

  @Override
  void start() {
    boolean forced = request.has(Protocol.CMD_FLAG_FUA);
    owner.export().write(request.offset(), payload.nioBuffer(), forced, this);
  }

  @Override
  void release() {
    payload.release();
    payload = Unpooled.EMPTY_BUFFER;
  }

  @Override
  public void dataTaken() {
    long bytes = payload.readableBytes();
    release();
    chargeLess(bytes);
    owner.giveBack(this, bytes);
  }

  @Override
  public void done() {
    release();
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

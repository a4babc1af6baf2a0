package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.CMD_FLAG_REQ_ONE;
import static dev.farshore.appliance.nbd.Protocol.CMD_READ;

import dev.farshore.appliance.nbd.Credits.Source;
import dev.farshore.log.group.Extent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import java.util.List;

/**
 * Replies of one connection that go out together, with the credit that comes back once they are
 * sent. Simple or structured, as was negotiated.
 *
 * <p>Owned by the server's loop.
 */
final class ReplyBatch {

  private static final int BATCH_BYTES = 16 << 10;

  private final ByteBufAllocator allocator;
  private final Outlet outlet;
  private final boolean structured;
  private final NbdCounters counters;
  private ByteBuf batch = Unpooled.EMPTY_BUFFER;
  private Debt debt = new Debt();

  ReplyBatch(ByteBufAllocator allocator, Outlet outlet, boolean structured, NbdCounters counters) {
    this.allocator = allocator;
    this.outlet = outlet;
    this.structured = structured;
    this.counters = counters;
  }

  /** Success of a request without data; a READ may come here only for no bytes at all. */
  void done(Request request) {
    if (request.type() == CMD_READ && structured) {
      ReplyEncoder.none(room(), request.cookie());
    } else {
      ReplyEncoder.simple(room(), NbdError.NONE, request.cookie());
    }
  }

  void error(Request request, NbdError error, String reason) {
    counters.errors++;
    if (structured) {
      ReplyEncoder.error(room(), error, request.cookie(), reason);
    } else {
      ReplyEncoder.simple(room(), error, request.cookie());
    }
  }

  void status(Request request, List<Extent> extents) {
    ReplyEncoder.blockStatus(
        room(), request.cookie(), extents, request.length(), request.has(CMD_FLAG_REQ_ONE));
  }

  /** A hole of a read. */
  void hole(Request request, long offset, long length, boolean last) {
    ReplyEncoder.offsetHole(room(), last, request.cookie(), offset, length);
  }

  /** Sends a finished chunk of a read behind everything that was added before. */
  void data(ByteBuf chunk, Debt chunkDebt) {
    counters.bytesRead += chunk.readableBytes();
    flush();
    outlet.send(chunk, chunkDebt);
  }

  /** The reply that was added last is whole: this comes back once it is sent. */
  void owe(Source source, long charge) {
    debt.add(source, charge);
    if (batch.readableBytes() >= BATCH_BYTES) {
      flush();
    }
  }

  /** Hands what was gathered to the outlet. */
  void flush() {
    if (batch.isReadable()) {
      ByteBuf gathered = batch;
      Debt owed = debt;
      batch = Unpooled.EMPTY_BUFFER;
      debt = new Debt();
      outlet.send(gathered, owed);
    }
  }

  /** Forgets what was gathered, and tells the credit of it. */
  Debt drop() {
    Debt owed = debt;
    batch.release();
    batch = Unpooled.EMPTY_BUFFER;
    debt = new Debt();
    return owed;
  }

  private ByteBuf room() {
    if (batch == Unpooled.EMPTY_BUFFER) {
      batch = allocator.directBuffer(256);
    }
    return batch;
  }
}

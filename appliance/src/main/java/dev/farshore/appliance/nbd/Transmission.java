package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.*;

import dev.farshore.appliance.export.Export;
import dev.farshore.appliance.nbd.Credits.Source;
import dev.farshore.log.group.Extent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.List;

/**
 * The transmission phase of one connection, without its socket. Requests are executed as soon as
 * they and their credit are there, and answered in the order in which the export replies.
 *
 * <p>Owned by the server's loop.
 *
 * @see "proto.md, section Transmission phase; reliability invariants N2, N3, N6, N7"
 */
final class Transmission implements AutoCloseable {

  private final Session session;
  private final Credits credits;
  private final ByteBufAllocator allocator;
  private final Outlet outlet;
  private final NbdCounters counters;
  private final ReplyBatch replies;
  private final RequestDecoder decoder = new RequestDecoder();
  private final ArrayList<Transaction> pending = new ArrayList<>();
  private int unanswered;

  /** The error and the credit of a request whose payload is being received or skipped. */
  private NbdError payloadError = NbdError.NONE;

  /** NONE when there is no such request. */
  private Source payloadSource = Source.NONE;

  private long payloadCharge;
  private long payloadsBegun;

  private boolean disconnected;
  private boolean broken;
  private boolean draining;
  private boolean shut;
  private boolean gone;
  private boolean exportClosed;
  private String drainReason = "";

  /**
   * @param session its export is closed by this, once the connection is gone and the export has
   *     replied to everything
   */
  Transmission(
      Session session,
      Credits credits,
      ByteBufAllocator allocator,
      Outlet outlet,
      NbdCounters counters) {
    this.session = session;
    this.credits = credits;
    this.allocator = allocator;
    this.outlet = outlet;
    this.counters = counters;
    this.replies = new ReplyBatch(allocator, outlet, session.structuredReplies(), counters);
  }

  /**
   * Takes input.
   *
   * @return false if it stopped before the end: the rest is to be given again after {@link
   *     Outlet#changed}, or once the outlet is no longer congested
   */
  boolean receive(ByteBuf in) {
    while (!disconnected && !broken) {
      switch (decoder.step(in)) {
        case MORE -> {
          return true;
        }
        case HEADER -> {
          if (!begin(decoder.request())) {
            return false;
          }
        }
        case PAYLOAD -> {
          ByteBuf payload = decoder.takePayload();
          counters.bytesWritten += payload.readableBytes();
          Source source = payloadArrived();
          if (draining) {
            payload.release();
            addError(decoder.request(), NbdError.ESHUTDOWN, drainReason, source, payloadCharge);
          } else {
            execute(new WriteTransaction(this, decoder.request(), source, payloadCharge, payload));
          }
        }
        case SKIPPED -> {
          Source source = payloadArrived();
          addError(decoder.request(), payloadError, text(payloadError), source, payloadCharge);
        }
        case BAD_MAGIC -> broken = true;
      }
    }
    in.skipBytes(in.readableBytes());
    return true;
  }

  /** Whether the request may be dealt with now. */
  private boolean begin(Request request) {
    if (request.type() == CMD_DISC) {
      disconnected = true;
      return true;
    }
    if (outlet.congested()) {
      return false;
    }
    NbdError error = draining ? NbdError.ESHUTDOWN : RequestRules.check(request, session);
    long charge = CreditLimits.REQUEST_OVERHEAD_BYTES;
    if (error == NbdError.NONE) {
      charge += replyOrPayloadBytes(request);
    }
    Source source = credits.take(charge);
    if (source == Source.NONE) {
      return false;
    }
    counters.requests++;
    if (request.type() == CMD_WRITE && request.length() > 0) {
      payloadsBegun++;
      payloadError = error;
      payloadSource = source;
      payloadCharge = charge;
      if (error == NbdError.NONE) {
        int length = (int) request.length();
        decoder.receive(allocator.directBuffer(length, length));
      } else {
        decoder.skip(request.length());
      }
      return true;
    }
    decoder.next();
    if (error != NbdError.NONE) {
      addError(request, error, text(error), source, charge);
    } else if (request.length() == 0 && request.type() != CMD_FLUSH) {
      addDone(request, source, charge);
    } else {
      execute(transaction(request, source, charge));
    }
    return true;
  }

  private static long replyOrPayloadBytes(Request request) {
    return switch (request.type()) {
      case CMD_READ, CMD_WRITE -> request.length();
      case CMD_BLOCK_STATUS -> StatusTransaction.REPLY_BYTES;
      default -> 0;
    };
  }

  private Transaction transaction(Request request, Source source, long charge) {
    return switch (request.type()) {
      case CMD_READ -> new ReadTransaction(this, request, source, charge);
      case CMD_BLOCK_STATUS -> new StatusTransaction(this, request, source, charge);
      default -> new PlainTransaction(this, request, source, charge);
    };
  }

  private void execute(Transaction transaction) {
    transaction.index = pending.size();
    pending.add(transaction);
    unanswered++;
    transaction.start();
  }

  /** Source of the credit that the payload's request has; from now on somebody else's. */
  private Source payloadArrived() {
    Source source = payloadSource;
    payloadSource = Source.NONE;
    return source;
  }

  /** Buffer that is filled with the payload of a write, if {@link #receivingPayload}. */
  ByteBuf payload() {
    return decoder.payload();
  }

  /** Whether the rest of a payload goes into {@link #payload}. */
  boolean receivingPayload() {
    return decoder.receiving();
  }

  /** Whether the client owes the rest of a payload, kept or not. */
  boolean payloadOwed() {
    return payloadSource != Source.NONE;
  }

  /** Payloads whose request has arrived, so far. */
  long payloadsBegun() {
    return payloadsBegun;
  }

  /** Hands the replies gathered so far to the outlet. */
  void flushReplies() {
    replies.flush();
  }

  /**
   * From now on requests are answered with ESHUTDOWN; those in progress still get their replies.
   * Section "Terminating the transmission phase".
   */
  void drain(String reason) {
    draining = true;
    drainReason = reason;
  }

  /** As {@link #drain}, and those in progress are answered with ESHUTDOWN at once. */
  void shut(String reason) {
    drain(reason);
    shut = true;
    for (Transaction transaction : pending) {
      if (!transaction.abandoned()) {
        transaction.abandon();
        unanswered--;
        addError(transaction.request, NbdError.ESHUTDOWN, reason, Source.NONE, 0);
      }
    }
  }

  /** The client sends no more: half a request is forgotten, the whole ones get their replies. */
  void finish() {
    disconnected = true;
    dropPayload();
  }

  private void dropPayload() {
    if (payloadOwed()) {
      credits.give(payloadArrived(), payloadCharge);
    }
    decoder.close();
  }

  /** Whether the connection is to be closed once its replies are sent. */
  boolean over() {
    if (broken) {
      return true;
    }
    return unanswered == 0 && (disconnected || shut || (draining && !payloadOwed()));
  }

  /** Whether the client sent what is no request. */
  boolean broken() {
    return broken;
  }

  /** Whether the client has said good-bye, or sends no more. */
  boolean disconnected() {
    return disconnected;
  }

  Export export() {
    return session.export();
  }

  boolean structuredReplies() {
    return session.structuredReplies();
  }

  ByteBuf buffer(int bytes) {
    return allocator.directBuffer(bytes, bytes);
  }

  /** The connection is gone. What the export still has is freed when it replies. */
  @Override
  public void close() {
    if (gone) {
      return;
    }
    gone = true;
    disconnected = true;
    dropPayload();
    credits.close();
    credits.settle(replies.drop());
    closeExport();
  }

  private void closeExport() {
    if (gone && pending.isEmpty() && !exportClosed) {
      exportClosed = true;
      session.export().close();
    }
  }

  /**
   * The export has replied.
   *
   * @return whether a reply can be sent to the client; if not, its credit was given back
   */
  boolean left(Transaction transaction, boolean awaited) {
    Transaction last = pending.removeLast();
    if (last != transaction) {
      pending.set(transaction.index, last);
      last.index = transaction.index;
    }
    if (awaited) {
      unanswered--;
    }
    if (gone || !awaited) {
      credits.give(transaction.source(), transaction.charge());
      closeExport();
      return false;
    }
    return true;
  }

  /** Gives back a part of a transaction's credit ahead of its reply. */
  void giveBack(Transaction transaction, long bytes) {
    credits.give(transaction.source(), bytes);
  }

  void changed() {
    outlet.changed();
  }

  void answerDone(Transaction transaction) {
    addDone(transaction.request, transaction.source(), transaction.charge());
  }

  void answerError(Transaction transaction, NbdError error, String reason) {
    addError(transaction.request, error, reason, transaction.source(), transaction.charge());
  }

  void answerStatus(Transaction transaction, List<Extent> extents) {
    replies.status(transaction.request, extents);
    replies.owe(transaction.source(), transaction.charge());
  }

  /** Adds a hole to a read's reply. */
  void sendHole(Transaction transaction, long offset, long length, boolean last) {
    replies.hole(transaction.request, offset, length, last);
    if (last) {
      replies.owe(transaction.source(), transaction.charge());
    }
  }

  /** Sends the finished chunk of a read's reply, after everything that was added before. */
  void sendData(Transaction transaction, ByteBuf chunk, boolean last) {
    Debt debt = new Debt();
    if (last) {
      debt.add(transaction.source(), transaction.charge());
    }
    replies.data(chunk, debt);
  }

  private void addDone(Request request, Source source, long charge) {
    replies.done(request);
    replies.owe(source, charge);
  }

  private void addError(
      Request request, NbdError error, String reason, Source source, long charge) {
    replies.error(request, error, reason);
    replies.owe(source, charge);
  }

  private String text(NbdError error) {
    return switch (error) {
      case EPERM -> "the export is read-only";
      case ENOSPC -> "beyond the end of the export";
      case EOVERFLOW -> "longer than the maximum payload";
      case ESHUTDOWN -> drainReason;
      default -> "invalid request, flags or range";
    };
  }
}

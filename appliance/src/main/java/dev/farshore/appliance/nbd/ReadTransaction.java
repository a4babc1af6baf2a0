package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.*;

import dev.farshore.appliance.export.Export;
import dev.farshore.appliance.export.Export.Failure;
import dev.farshore.appliance.nbd.Credits.Source;
import dev.farshore.log.group.Extent;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;

/**
 * A READ. The data is read into the very buffer that is sent, behind room for the header. With
 * structured replies, a large read looks for holes first and does not send those, unless the client
 * forbids more than one chunk (DF).
 */
final class ReadTransaction extends Transaction implements Export.Reply, Export.ExtentsReply {

  /** Reads below this size do not look for holes. */
  static final int HOLE_SEARCH_BYTES = 64 << 10;

  /** Holes below this size are sent as data. */
  static final int MIN_HOLE_BYTES = PREFERRED_BLOCK_BYTES;

  private static final int MAX_EXTENTS = 32;

  /**
   * A content chunk.
   *
   * @param buffer room for header and data; empty for a hole
   */
  private record Part(long offset, int length, ByteBuf buffer) {
    boolean hole() {
      return !buffer.isWritable();
    }
  }

  private final List<Part> parts = new ArrayList<>(1);
  private int outstanding;
  private NbdError error = NbdError.NONE;
  private String reason = "";

  ReadTransaction(Transmission owner, Request request, Source source, long charge) {
    super(owner, request, source, charge);
  }

  @Override
  void start() {
    int length = (int) request.length();
    boolean mayHaveHoles = owner.structuredReplies() && !request.has(CMD_FLAG_DF);
    if (mayHaveHoles && length >= HOLE_SEARCH_BYTES) {
      outstanding = 1;
      owner.export().extents(request.offset(), length, MAX_EXTENTS, this);
    } else {
      addData(request.offset(), length);
      readParts();
    }
  }

  @Override
  public void done(List<Extent> extents) {
    outstanding = 0;
    long offset = request.offset();
    long end = offset + request.length();
    long dataFrom = offset;
    for (Extent extent : extents) {
      long extentEnd = Math.min(offset + extent.length(), end);
      if (extent.kind() != Extent.Kind.DATA && extentEnd - offset >= MIN_HOLE_BYTES) {
        addData(dataFrom, (int) (offset - dataFrom));
        parts.add(new Part(offset, (int) (extentEnd - offset), Unpooled.EMPTY_BUFFER));
        dataFrom = extentEnd;
      }
      offset = extentEnd;
    }
    addData(dataFrom, (int) (end - dataFrom));
    readParts();
  }

  private void addData(long offset, int length) {
    if (length > 0) {
      int overhead =
          owner.structuredReplies() ? ReplyEncoder.DATA_CHUNK_OVERHEAD : SIMPLE_REPLY_BYTES;
      parts.add(new Part(offset, length, owner.buffer(overhead + length)));
    }
  }

  private void readParts() {
    for (Part part : parts) {
      outstanding += part.hole() ? 0 : 1;
    }
    if (outstanding == 0) {
      outstanding = 1;
      done();
      return;
    }
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      if (!part.hole()) {
        int overhead = part.buffer.capacity() - part.length;
        owner.export().read(part.offset, part.buffer.nioBuffer(overhead, part.length), this);
      }
    }
  }

  @Override
  public void done() {
    settle();
  }

  /** One of the parts could not be read, or the extents could not be told. */
  @Override
  public void failed(Failure failure, String why) {
    error = NbdError.of(failure);
    reason = why;
    settle();
  }

  /** The last reply to come in ends the request. */
  private void settle() {
    outstanding--;
    if (outstanding < 0) {
      throw new IllegalStateException("an export replied twice to a read");
    }
    if (outstanding == 0) {
      finish();
    }
  }

  private void finish() {
    if (!replied()) {
      release();
    } else if (error != NbdError.NONE) {
      release();
      owner.answerError(this, error, reason);
    } else {
      send();
    }
    owner.changed();
  }

  private void send() {
    for (int i = 0; i < parts.size(); i++) {
      Part part = parts.get(i);
      boolean last = i == parts.size() - 1;
      if (part.hole()) {
        owner.sendHole(this, part.offset, part.length, last);
        continue;
      }
      ByteBuf buffer = part.buffer.clear();
      if (owner.structuredReplies()) {
        ReplyEncoder.offsetData(buffer, last, request.cookie(), part.offset, part.length);
      } else {
        ReplyEncoder.simple(buffer, NbdError.NONE, request.cookie());
      }
      owner.sendData(this, buffer.writerIndex(buffer.capacity()), last);
    }
    parts.clear();
  }

  @Override
  void release() {
    for (Part part : parts) {
      part.buffer.release();
    }
    parts.clear();
  }
}

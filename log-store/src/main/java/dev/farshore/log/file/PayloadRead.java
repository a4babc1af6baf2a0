package dev.farshore.log.file;

import dev.farshore.log.LogDamagedException;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.record.RecordFormat;
import dev.farshore.log.record.RecordType;
import dev.farshore.log.record.RecordView;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Reads bytes of the payload of one write, from memory or from its segment, verifying the blocks
 * they lie in. Used once; owned by the log's thread.
 *
 * <p>Small records come in with their head. Of larger ones the head is read first, with the table
 * of checksums, then the blocks; straight into the target if it takes them whole.
 */
final class PayloadRead {

  private final RecordFinder finder;
  private final long lsn;
  private final int volume;
  private final int from;
  private final ByteBuffer target;
  private final Completion whenDone;
  private Segment segment;
  private int offset;
  private HeadRead head;

  /** First and last block, and where the first begins and the last ends in the payload. */
  private int firstPiece;

  private int lastPiece;
  private int piecesFrom;
  private int piecesTo;

  PayloadRead(
      RecordFinder finder, long lsn, int volume, int from, ByteBuffer target, Completion whenDone) {
    this.finder = finder;
    this.lsn = lsn;
    this.volume = volume;
    this.from = from;
    this.target = target.slice();
    this.whenDone = whenDone;
  }

  void start() {
    segment = finder.segments().holding(lsn);
    var mended = finder.mended().at(lsn);
    if (mended.isPresent()) {
      copyFrom(new RecordView().wrap(mended.get()));
      return;
    }
    var window = finder.inMemory(lsn);
    if (window.isPresent()) {
      fromMemory(window.get());
      return;
    }
    segment.use();
    finder.learn(segment, step(this::readHead));
  }

  private void fromMemory(Window window) {
    try {
      int at = window.positionOf(finder.offset(segment, lsn));
      copyFrom(new RecordView().wrap(window.bytes().slice(at, window.used() - at)));
    } catch (LogDamagedException e) {
      whenDone.failed(e);
    }
  }

  private void copyFrom(RecordView view) {
    try {
      requireWrite(view);
      target.put(0, view.payload(), from, target.remaining());
    } catch (LogDamagedException e) {
      whenDone.failed(e);
      return;
    }
    whenDone.done();
  }

  private void readHead() throws IOException {
    offset = finder.offset(segment, lsn);
    head =
        new HeadRead(
            finder.file(segment), segment, offset, lsn, finder.group(), step(this::readPieces));
    head.start();
  }

  private void readPieces() throws IOException {
    RecordView view = head.view();
    requireWrite(view);
    int skew = (int) (view.offset() % RecordFormat.BLOCK_BYTES);
    firstPiece = (skew + from) / RecordFormat.BLOCK_BYTES;
    lastPiece = (skew + from + target.remaining() - 1) / RecordFormat.BLOCK_BYTES;
    piecesFrom = RecordFormat.pieceStart(view.offset(), firstPiece);
    piecesTo = Math.min(RecordFormat.pieceStart(view.offset(), lastPiece + 1), view.payloadBytes());
    int payload = view.payloadStart();
    if (payload + piecesTo <= head.bytes().capacity()) {
      verifyAndCopy(head.bytes().slice(payload + piecesFrom, piecesTo - piecesFrom));
      finish();
      return;
    }
    boolean whole = piecesFrom == from && piecesTo == from + target.remaining();
    ByteBuffer pieces = whole ? target : ByteBuffer.allocate(piecesTo - piecesFrom);
    finder
        .file(segment)
        .read(
            offset + payload + piecesFrom,
            pieces,
            step(
                () -> {
                  verifyAndCopy(pieces);
                  finish();
                }));
  }

  private void requireWrite(RecordView view) throws LogDamagedException {
    if (view.type() != RecordType.WRITE || view.volume() != volume) {
      throw new LogDamagedException(
          segment.number(), offset, lsn, "it is no write to volume " + volume);
    }
    if (from < 0 || from > view.payloadBytes() - target.remaining()) {
      throw new IllegalArgumentException(
          "lsn " + lsn + " has no bytes " + from + "+" + target.remaining());
    }
  }

  private void verifyAndCopy(ByteBuffer pieces) throws LogDamagedException {
    RecordView view = head.view();
    for (int i = firstPiece; i <= lastPiece; i++) {
      int start = RecordFormat.pieceStart(view.offset(), i);
      int end = Math.min(RecordFormat.pieceStart(view.offset(), i + 1), view.payloadBytes());
      if (Checksum.of(pieces, start - piecesFrom, end - start) != view.pieceChecksum(i)) {
        throw new LogDamagedException(
            segment.number(), offset, lsn, "block " + i + " is not what was written");
      }
    }
    if (pieces != target) {
      target.put(0, pieces, from - piecesFrom, target.remaining());
    }
  }

  private void finish() {
    segment.release();
    whenDone.done();
  }

  private interface Step {
    void run() throws IOException;
  }

  /** A completion that goes on with {@code next}, and ends the read when something fails. */
  private Completion step(Step next) {
    return new Completion() {
      @Override
      public void done() {
        try {
          next.run();
        } catch (IOException e) {
          failed(e);
        }
      }

      @Override
      public void failed(IOException cause) {
        segment.release();
        whenDone.failed(
            cause instanceof LogDamagedException
                ? cause
                : HeadRead.damage(
                    segment, offset, lsn, "unreadable: " + cause.getMessage(), cause));
      }
    };
  }
}

package dev.farshore.agent.mirror.stream;

import dev.farshore.link.session.LinkSender;
import java.nio.ByteBuffer;

/**
 * Puts one frame after the other on a link, in as many pieces as the link's window asks for. One
 * frame at a time: {@link #idle} says when the next may begin. Owned by the group's thread.
 */
public final class FrameWriter {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

  private final LinkSender link;
  private final ByteBuffer head =
      ByteBuffer.allocate(FrameType.HEADER_BYTES + FrameType.IMAGE_DATA.fixedBytes);
  private ByteBuffer body = NOTHING;

  public FrameWriter(LinkSender link) {
    this.link = link;
    head.limit(0);
  }

  /** Whether the last frame is wholly in the link's stream. */
  public boolean idle() {
    return !head.hasRemaining() && !body.hasRemaining();
  }

  /**
   * Begins a frame with an encoded record.
   *
   * @param record position to limit; must stay as it is until {@link #idle}
   */
  public void record(ByteBuffer record) {
    begin(FrameType.RECORD, record);
    head.flip();
  }

  /**
   * Begins a frame with bytes of a base image.
   *
   * @param data position to limit; must stay as it is until {@link #idle}
   */
  public void imageData(int volume, long offset, ByteBuffer data) {
    begin(FrameType.IMAGE_DATA, data);
    head.putInt(volume).putLong(offset).flip();
  }

  public void imageAdvance(int volume, long offset) {
    begin(FrameType.IMAGE_ADVANCE, NOTHING);
    head.putInt(volume).putLong(offset).flip();
  }

  public void imageEnd() {
    begin(FrameType.IMAGE_END, NOTHING);
    head.flip();
  }

  private void begin(FrameType type, ByteBuffer content) {
    if (!idle()) {
      throw new IllegalStateException("a frame is under way");
    }
    head.clear();
    head.putInt(type.fixedBytes + content.remaining()).put((byte) type.code);
    head.put((byte) 0).putShort((short) 0);
    body = content;
  }

  /**
   * Offers what the link takes.
   *
   * @return stream offset after the frame if it is wholly offered, else -1
   */
  public long pump() {
    long end = offer(head);
    if (!head.hasRemaining()) {
      end = offer(body);
    }
    if (!idle()) {
      return -1;
    }
    // The buffer may be used again for the next record, and must not look like ours then.
    body = NOTHING;
    return end;
  }

  private long offer(ByteBuffer bytes) {
    int room = Math.min(link.writableBytes(), bytes.remaining());
    if (room <= 0) {
      return link.offeredOffset();
    }
    ByteBuffer piece = bytes.slice(bytes.position(), room);
    bytes.position(bytes.position() + room);
    return link.offer(piece);
  }
}

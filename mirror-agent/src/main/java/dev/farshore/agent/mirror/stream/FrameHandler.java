package dev.farshore.agent.mirror.stream;

import java.nio.ByteBuffer;

/** Takes the frames of a stream, in order. Buffers are the reader's again on return. */
public interface FrameHandler {

  /** Whether the handler can take another frame now; while not, the link's window closes. */
  boolean ready();

  void onRecord(ByteBuffer record);

  void onImageData(int volume, long offset, ByteBuffer data);

  void onImageAdvance(int volume, long offset);

  void onImageEnd();
}

package dev.farshore.agent.mirror.stream;

/** Types of stream frames, with their number on the wire and the size of their fixed part. */
enum FrameType {
  RECORD(1, 0),
  IMAGE_DATA(2, 12),
  IMAGE_ADVANCE(3, 12),
  IMAGE_END(4, 0);

  static final int HEADER_BYTES = 8;

  final int code;
  final int fixedBytes;

  FrameType(int code, int fixedBytes) {
    this.code = code;
    this.fixedBytes = fixedBytes;
  }
}

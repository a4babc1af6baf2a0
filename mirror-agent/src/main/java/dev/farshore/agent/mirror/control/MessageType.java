package dev.farshore.agent.mirror.control;

/** Types of control messages, with their number on the wire. */
enum MessageType {
  HELLO(1),
  WELCOME(2),
  REFUSED(3),
  ASK_CHAIN(4),
  CHAIN_IS(5),
  PULL_TAIL(6),
  TAIL_BYTES(7),
  TAIL_END(8),
  CUT_TO(9),
  CUT_DONE(10),
  CUT_REFUSED(11),
  BEGIN_FILL(12),
  FILL_FROM(13),
  FILLED(14),
  BEGIN_STREAM(15),
  READY(16),
  PRIMARY_PROGRESS(17),
  PING(18),
  PONG(19),
  STREAM_BROKEN(20),
  SWITCHOVER_REQUEST(21),
  SWITCHOVER_DONE(22),
  SWITCHOVER_FAILED(23),
  MIRROR_PROGRESS(24),
  LOG_LOST(25);

  private static final MessageType[] BY_CODE = new MessageType[26];

  static {
    for (MessageType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final byte code;

  MessageType(int code) {
    this.code = (byte) code;
  }

  byte code() {
    return code;
  }

  /** The type of a number read from the wire. */
  static MessageType of(byte code) throws MalformedMessageException {
    if (code <= 0 || code >= BY_CODE.length) {
      throw new MalformedMessageException("unknown message type " + code);
    }
    return BY_CODE[code];
  }
}

package dev.farshore.log.record;

import java.util.Optional;

/** What a record is about, and its number in the format. */
public enum RecordType {
  WRITE(1),
  ZERO(2),
  TRIM(3),
  VOLUME_CREATE(4),
  VOLUME_RESIZE(5),
  VOLUME_REMOVE(6),
  EPOCH_START(7),
  DEGRADED_SPAN(8),
  MARK(9);

  private static final RecordType[] BY_CODE = new RecordType[10];

  static {
    for (RecordType type : values()) {
      BY_CODE[type.code] = type;
    }
  }

  private final byte code;

  RecordType(int code) {
    this.code = (byte) code;
  }

  public byte code() {
    return code;
  }

  static Optional<RecordType> of(byte code) {
    return code > 0 && code < BY_CODE.length ? Optional.of(BY_CODE[code]) : Optional.empty();
  }
}

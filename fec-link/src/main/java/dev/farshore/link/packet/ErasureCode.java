package dev.farshore.link.packet;

/** The codes that a repair packet can be made with; their numbers on the wire. */
public enum ErasureCode {
  XOR(1),
  REED_SOLOMON(2);

  private final int wireCode;

  ErasureCode(int wireCode) {
    this.wireCode = wireCode;
  }

  public int wireCode() {
    return wireCode;
  }
}

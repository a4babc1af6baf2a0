package dev.farshore.link.code;

/** Where the decoder finds the data packets that are here, and puts those that it restored. */
public interface MemberStore {

  /** What is known of a data packet. */
  enum Presence {
    /** Here, with its bytes. */
    HERE,
    /** Not here, and still wanted. */
    MISSING,
    /** Its bytes are gone, or it is so far ahead that it cannot be kept. */
    OUT_OF_REACH
  }

  Presence presence(long sequence);

  /** Length of the symbol of a packet that is here. */
  int symbolBytes(long sequence);

  /** Exclusive or of the symbol of a packet that is here into the beginning of {@code target}. */
  void xorSymbol(long sequence, byte[] target);

  /** Copies the symbol of a packet that is here to the beginning of {@code target}. */
  void copySymbol(long sequence, byte[] target);

  /**
   * Takes a restored symbol.
   *
   * @param length of the symbol, with the zeros that pad it
   * @return false if it cannot be that packet's: then the packet is still missing
   */
  boolean restore(long sequence, byte[] symbol, int length);
}

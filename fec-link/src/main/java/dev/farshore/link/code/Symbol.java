package dev.farshore.link.code;

import dev.farshore.link.packet.PacketLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** What is coded of a data packet; the layout is in the documentation of the packet package. */
public final class Symbol {

  public static final int HEADER_BYTES = PacketLayout.SYMBOL_HEADER_BYTES;

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle SHORT =
      MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  private Symbol() {}

  /** Puts a header at the beginning of {@code symbol}. */
  public static void putHeader(byte[] symbol, int length, int offsetBits, int check) {
    SHORT.set(symbol, 0, (short) length);
    INT.set(symbol, 2, offsetBits);
    INT.set(symbol, 6, check);
  }

  /** Length of the payload. */
  public static int length(byte[] symbol) {
    return Short.toUnsignedInt((short) SHORT.get(symbol, 0));
  }

  /** The lower 32 bits of the payload's stream offset. */
  public static int offsetBits(byte[] symbol) {
    return (int) INT.get(symbol, 2);
  }

  public static int check(byte[] symbol) {
    return (int) INT.get(symbol, 6);
  }

  /**
   * Whether the first {@code symbolBytes} bytes can be a padded symbol: a payload of a byte or
   * more, and zeros behind it.
   */
  public static boolean isWellFormed(byte[] symbol, int symbolBytes) {
    int end = HEADER_BYTES + length(symbol);
    if (end == HEADER_BYTES || end > symbolBytes) {
      return false;
    }
    for (int i = end; i < symbolBytes; i++) {
      if (symbol[i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** Exclusive or of {@code length} bytes into {@code target}. */
  public static void xor(byte[] target, int to, byte[] source, int from, int length) {
    int i = 0;
    for (; i <= length - Long.BYTES; i += Long.BYTES) {
      LONGS.set(
          target, to + i, (long) LONGS.get(target, to + i) ^ (long) LONGS.get(source, from + i));
    }
    for (; i < length; i++) {
      target[to + i] ^= source[from + i];
    }
  }

  /** Exclusive or of a symbol header into the beginning of {@code target}. */
  public static void xorHeader(byte[] target, int length, int offsetBits, int check) {
    SHORT.set(target, 0, (short) (length ^ (short) SHORT.get(target, 0)));
    INT.set(target, 2, offsetBits ^ (int) INT.get(target, 2));
    INT.set(target, 6, check ^ (int) INT.get(target, 6));
  }

  /** Computes the check of a symbol. Owned by one thread. */
  public static final class Checker {
    private final CRC32C crc = new CRC32C();
    private final byte[] head = new byte[Long.BYTES];

    /** CRC32C of the sequence and the payload. */
    public int check(long sequence, byte[] payload, int at, int length) {
      start(sequence);
      crc.update(payload, at, length);
      return (int) crc.getValue();
    }

    /** The same for a payload in two pieces. */
    public int check(long sequence, byte[] bytes, int at, int length, int at2, int length2) {
      start(sequence);
      crc.update(bytes, at, length);
      crc.update(bytes, at2, length2);
      return (int) crc.getValue();
    }

    private void start(long sequence) {
      LONG.set(head, 0, sequence);
      crc.reset();
      crc.update(head, 0, head.length);
    }
  }
}

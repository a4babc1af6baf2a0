package dev.farshore.appliance.nbd;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Strings on the wire: UTF-8, no NUL, at most 4,096 bytes (section "Conventions"). */
final class WireString {

  private WireString() {}

  /**
   * Consumes {@code length} bytes.
   *
   * @param length at most what {@code in} holds, not negative
   * @return empty if they are no string in the sense of the text
   */
  static Optional<String> read(ByteBuf in, int length) {
    if (length > Protocol.MAX_STRING_BYTES) {
      in.skipBytes(length);
      return Optional.empty();
    }
    byte[] bytes = new byte[length];
    in.readBytes(bytes);
    for (byte b : bytes) {
      if (b == 0) {
        return Optional.empty();
      }
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes))
              .toString());
    } catch (CharacterCodingException malformed) {
      return Optional.empty();
    }
  }

  /** Bytes of a string, cut between characters where it is longer than {@code limit} bytes. */
  static byte[] bytes(String text, int limit) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length <= limit) {
      return bytes;
    }
    int end = limit;
    while (end > 0 && (bytes[end] & 0xc0) == 0x80) {
      end--;
    }
    return Arrays.copyOf(bytes, end);
  }
}

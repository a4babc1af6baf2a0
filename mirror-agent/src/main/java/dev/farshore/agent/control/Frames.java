package dev.farshore.agent.control;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/** JSON objects with their length in front, on a blocking channel. */
final class Frames {
  static final int REQUEST_BYTES_MAX = 64 << 10;
  static final int REPLY_BYTES_MAX = 4 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private Frames() {}

  static void write(SocketChannel channel, JsonNode message) throws IOException {
    byte[] body = JSON.writeValueAsBytes(message);
    if (body.length > REPLY_BYTES_MAX) {
      throw new IOException("a message of " + body.length + " bytes is too long");
    }
    ByteBuffer frame = ByteBuffer.allocate(Integer.BYTES + body.length);
    frame.putInt(body.length).put(body).flip();
    while (frame.hasRemaining()) {
      channel.write(frame);
    }
  }

  /**
   * @return empty at the end of the stream between two messages
   * @throws IOException if the stream ends inside a message, or it is too long or no JSON object
   */
  static Optional<JsonNode> read(SocketChannel channel, int bytesMax) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(Integer.BYTES);
    if (channel.read(header) < 0) {
      return Optional.empty();
    }
    fill(channel, header);
    int length = header.flip().getInt();
    if (length < 0 || length > bytesMax) {
      throw new IOException("a message of " + length + " bytes is too long");
    }
    ByteBuffer body = ByteBuffer.allocate(length);
    fill(channel, body);
    JsonNode message;
    try {
      message = JSON.readTree(body.array());
    } catch (JsonProcessingException e) {
      throw new IOException("a message that is no JSON", e);
    }
    if (!message.isObject()) {
      throw new IOException("a message that is no JSON object");
    }
    return Optional.of(message);
  }

  private static void fill(SocketChannel channel, ByteBuffer target) throws IOException {
    while (target.hasRemaining()) {
      if (channel.read(target) < 0) {
        throw new EOFException("the connection ended inside a message");
      }
    }
  }
}

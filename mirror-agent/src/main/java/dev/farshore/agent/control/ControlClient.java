package dev.farshore.agent.control;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/** A connection to a running site. Blocks; owned by one thread. */
public final class ControlClient implements AutoCloseable {
  private final SocketChannel channel;

  private ControlClient(SocketChannel channel) {
    this.channel = channel;
  }

  /**
   * @throws IOException if no site is running there
   */
  public static ControlClient connect(Path socket) throws IOException {
    SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(SocketPath.address(socket));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    return new ControlClient(channel);
  }

  /** Whether somebody listens on a control socket. */
  public static boolean answers(Path socket) {
    try {
      connect(socket).close();
      return true;
    } catch (IOException nobody) {
      return false;
    }
  }

  /**
   * Sends a request and waits for its answer.
   *
   * @param progress called for each message before it
   * @throws IOException if the site went away, or answers with something unknown
   */
  public Answer<JsonNode> ask(Request request, Consumer<String> progress) throws IOException {
    Frames.write(channel, request.toJson());
    while (true) {
      Optional<JsonNode> message = Frames.read(channel, Frames.REPLY_BYTES_MAX);
      if (message.isEmpty()) {
        throw new IOException("the site closed the connection without an answer");
      }
      switch (Reply.fromJson(message.get())) {
        case Reply.Progress(String text) -> progress.accept(text);
        case Reply.Final(Answer<JsonNode> answer) -> {
          return answer;
        }
      }
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

package dev.farshore.agent.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.farshore.agent.status.SiteStatus;
import dev.farshore.agent.status.StatusJson;
import dev.farshore.agent.status.StatusText;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;

/** Serves the requests of one connection, one after the other, on its own thread. */
final class ControlConnection {
  /** Progress beyond it is dropped: the site's thread never waits for a client. */
  private static final int PROGRESS_MAX = 256;

  private final SocketChannel channel;
  private final SiteOperations site;

  ControlConnection(SocketChannel channel, SiteOperations site) {
    this.channel = channel;
    this.site = site;
  }

  /** Returns when the client is done; throws when the connection breaks. */
  void run() throws IOException {
    while (true) {
      Optional<JsonNode> message = Frames.read(channel, Frames.REQUEST_BYTES_MAX);
      if (message.isEmpty()) {
        return;
      }
      try {
        serve(Request.fromJson(message.get()));
      } catch (Request.MalformedException e) {
        send(new Reply.Final(Answer.refused(Answer.Reason.INVALID, e.getMessage())));
      }
    }
  }

  private void serve(Request request) throws IOException {
    switch (request) {
      case Request.Status() ->
          relay(progress -> site.status().thenApply(s -> Answer.given(s)), this::statusJson);
      case Request.PreviewPromotion(String group) ->
          relay(progress -> site.previewPromotion(group), Reply::json);
      case Request.Promote(String group, boolean force) ->
          relay(progress -> site.promote(group, force, progress), Reply::json);
      case Request.CreateVolume(String group, String name, long size) ->
          relay(progress -> site.createVolume(group, name, size), done -> empty());
      case Request.ResizeVolume(String group, String name, long size) ->
          relay(progress -> site.resizeVolume(group, name, size), done -> empty());
      case Request.RemoveVolume(String group, String name) ->
          relay(progress -> site.removeVolume(group, name), done -> empty());
      case Request.Stop() -> {
        send(new Reply.Final(Answer.given(empty())));
        site.stop();
      }
    }
  }

  /** The status for scripts, and the text that goes with it. */
  private ObjectNode statusJson(SiteStatus status) {
    return empty().put("text", StatusText.render(status)).set("status", StatusJson.write(status));
  }

  private static ObjectNode empty() {
    return JsonNodeFactory.instance.objectNode();
  }

  /** Starts an operation, and sends its progress and its answer as they come. */
  private <T> void relay(
      Function<Consumer<String>, CompletionStage<Answer<T>>> operation,
      Function<T, ObjectNode> format)
      throws IOException {
    BlockingQueue<Reply> replies = new ArrayBlockingQueue<>(PROGRESS_MAX + 1);
    operation
        .apply(
            text -> {
              // The last place is the answer's.
              if (replies.remainingCapacity() > 1) {
                replies.add(new Reply.Progress(text));
              }
            })
        .exceptionally(failure -> Answer.refused(Answer.Reason.FAILED, failure.toString()))
        .thenAccept(answer -> replies.add(new Reply.Final(json(answer, format))));
    Reply reply;
    do {
      reply = next(replies);
      send(reply);
    } while (!(reply instanceof Reply.Final));
  }

  private static <T> Answer<JsonNode> json(Answer<T> answer, Function<T, ObjectNode> format) {
    return switch (answer) {
      case Answer.Given<T>(T value) -> Answer.given(format.apply(value));
      case Answer.Refused<T>(Answer.Reason reason, String text) -> Answer.refused(reason, text);
    };
  }

  private static Reply next(BlockingQueue<Reply> replies) throws IOException {
    try {
      return replies.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private void send(Reply reply) throws IOException {
    Frames.write(channel, reply.toJson());
  }
}

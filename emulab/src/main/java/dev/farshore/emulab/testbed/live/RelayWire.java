package dev.farshore.emulab.testbed.live;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.farshore.emulab.wan.ClosedSince;
import dev.farshore.emulab.wan.ControlSocket;
import dev.farshore.emulab.wan.Direction;
import dev.farshore.link.model.Bottleneck;
import java.io.IOException;
import java.nio.file.Path;

/** A relay on another machine. It counts datagrams, which are all that may be lost. */
final class RelayWire implements Wire, AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path control;

  /** For the next cut: to connect by way of a remote shell takes longer than to be answered. */
  private ControlSocket.Call call;

  /**
   * @param control where it takes orders
   * @throws IOException if nobody listens there
   */
  RelayWire(Path control) throws IOException {
    this.control = control;
    this.call = ControlSocket.call(control);
  }

  @Override
  public void obey(String order) throws IOException {
    ControlSocket.ask(control, order);
  }

  /** Its clock is another one, but tells how long what came after the cut has taken. */
  @Override
  public Cut cut(boolean severed) throws IOException {
    long asked = System.nanoTime();
    String answer = call.ask(severed ? "sever" : "close-entrance");
    long answered = System.nanoTime();
    call.close();
    call = ControlSocket.call(control);
    long since =
        ClosedSince.nanos(answer, Direction.FORWARD)
            .orElseThrow(() -> new IOException("the relay does not say when it closed: " + answer));
    return Cut.between(asked, answered, since);
  }

  @Override
  public Reading read() throws IOException {
    return reading(ControlSocket.ask(control, "stats json"));
  }

  /** What a relay's report says of the forward direction, and of its validity. */
  static Reading reading(String report) throws JsonProcessingException {
    JsonNode root = JSON.readTree(report);
    JsonNode way = root.path("forward");
    long offered = way.path("offeredPackets").asLong();
    long lost = 0;
    for (JsonNode dropped : way.path("droppedPackets")) {
      lost += dropped.asLong();
    }
    boolean valid = root.path("valid").asBoolean();
    return new Reading(
        offered,
        way.path("offeredBytes").asLong() + offered * Bottleneck.UDP_HEADER_BYTES,
        lost,
        valid ? "" : "the relay: " + root.path("failure").asText());
  }

  @Override
  public void close() throws IOException {
    call.close();
  }
}

package dev.farshore.agent.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** A request on the control socket. */
public sealed interface Request {
  int VERSION = 1;

  record Status() implements Request {}

  record PreviewPromotion(String group) implements Request {}

  record Promote(String group, boolean force) implements Request {}

  record CreateVolume(String group, String name, long sizeBytes) implements Request {}

  record ResizeVolume(String group, String name, long sizeBytes) implements Request {}

  record RemoveVolume(String group, String name) implements Request {}

  record Stop() implements Request {}

  /** A request that makes no sense. */
  final class MalformedException extends Exception {
    private static final long serialVersionUID = 1L;

    MalformedException(String reason) {
      super(reason);
    }
  }

  default ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("version", VERSION);
    return switch (this) {
      case Status r -> json.put("operation", "status");
      case PreviewPromotion(String group) ->
          json.put("operation", "preview-promotion").put("group", group);
      case Promote(String group, boolean force) ->
          json.put("operation", "promote").put("group", group).put("force", force);
      case CreateVolume(String group, String name, long size) ->
          volume(json, "create-volume", group, name).put("sizeBytes", size);
      case ResizeVolume(String group, String name, long size) ->
          volume(json, "resize-volume", group, name).put("sizeBytes", size);
      case RemoveVolume(String group, String name) -> volume(json, "remove-volume", group, name);
      case Stop r -> json.put("operation", "stop");
    };
  }

  static Request fromJson(JsonNode json) throws MalformedException {
    int version = json.path("version").asInt(0);
    if (version != VERSION) {
      throw new MalformedException(
          "this site speaks version " + VERSION + " of the control protocol, not " + version);
    }
    String operation = text(json, "operation");
    return switch (operation) {
      case "status" -> new Status();
      case "preview-promotion" -> new PreviewPromotion(text(json, "group"));
      case "promote" -> new Promote(text(json, "group"), json.path("force").asBoolean(false));
      case "create-volume" -> new CreateVolume(text(json, "group"), text(json, "name"), size(json));
      case "resize-volume" -> new ResizeVolume(text(json, "group"), text(json, "name"), size(json));
      case "remove-volume" -> new RemoveVolume(text(json, "group"), text(json, "name"));
      case "stop" -> new Stop();
      default -> throw new MalformedException("unknown operation '" + operation + "'");
    };
  }

  private static ObjectNode volume(ObjectNode json, String operation, String group, String name) {
    return json.put("operation", operation).put("group", group).put("name", name);
  }

  private static String text(JsonNode json, String field) throws MalformedException {
    if (!json.path(field).isTextual()) {
      throw new MalformedException("'" + field + "' is missing");
    }
    return json.path(field).asText();
  }

  private static long size(JsonNode json) throws MalformedException {
    JsonNode size = json.path("sizeBytes");
    if (!size.isIntegralNumber() || !size.canConvertToLong() || size.asLong() <= 0) {
      throw new MalformedException("'" + size.asText() + "' is no size in bytes, 1 or more");
    }
    return size.asLong();
  }
}

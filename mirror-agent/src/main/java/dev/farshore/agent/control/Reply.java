package dev.farshore.agent.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.farshore.agent.control.SiteOperations.PromotionPreview;
import dev.farshore.agent.control.SiteOperations.PromotionReport;
import java.io.IOException;

/** A message from the site on the control socket. */
sealed interface Reply {

  /** More follows. */
  record Progress(String text) implements Reply {}

  /** The last message to a request. */
  record Final(Answer<JsonNode> answer) implements Reply {}

  default ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("version", Request.VERSION);
    return switch (this) {
      case Progress(String text) -> json.put("kind", "progress").put("text", text);
      case Final(Answer.Given<JsonNode>(JsonNode result)) ->
          json.put("kind", "answer").set("result", result);
      case Final(Answer.Refused<JsonNode>(Answer.Reason reason, String text)) ->
          json.put("kind", "refused").put("reason", reason.word()).put("text", text);
    };
  }

  static Reply fromJson(JsonNode json) throws IOException {
    return switch (json.path("kind").asText()) {
      case "progress" -> new Progress(json.path("text").asText());
      case "answer" -> new Final(Answer.given(json.path("result")));
      case "refused" -> new Final(Answer.refused(reason(json), json.path("text").asText()));
      default -> throw new IOException("the site answers with something unknown: " + json);
    };
  }

  private static Answer.Reason reason(JsonNode json) {
    for (Answer.Reason reason : Answer.Reason.values()) {
      if (reason.word().equals(json.path("reason").asText())) {
        return reason;
      }
    }
    return Answer.Reason.FAILED;
  }

  static ObjectNode json(PromotionPreview preview) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("primaryAnswers", preview.primaryAnswers())
        .put("knownMissingRecords", preview.knownMissingRecords())
        .put("text", preview.text());
  }

  static ObjectNode json(PromotionReport report) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("epoch", report.epoch())
        .put("lsn", report.lsn())
        .put("missingRecords", report.missingRecords())
        .put("text", report.text());
  }
}

package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.Protocol.*;

import dev.farshore.appliance.export.Export;
import dev.farshore.appliance.export.ExportDirectory;
import dev.farshore.appliance.nbd.OptionData.ContextQuery;
import io.netty.buffer.ByteBuf;
import java.util.Optional;

/**
 * The metadata contexts of one handshake: {@code base:allocation} is the only one there is.
 *
 * @see "proto.md, sections Metadata querying and The base: metadata namespace"
 */
final class MetaContexts {

  private final ExportDirectory exports;

  /** Name for which {@code base:allocation} was selected last. */
  private Optional<String> selected = Optional.empty();

  MetaContexts(ExportDirectory exports) {
    this.exports = exports;
  }

  /** Another selection begins, which may fail. */
  void forget() {
    selected = Optional.empty();
  }

  boolean selectedFor(String name) {
    return selected.isPresent() && selected.get().equals(name);
  }

  /** LIST_META_CONTEXT; {@code base:} alone is a wildcard, here only. */
  void list(ByteBuf data, boolean structuredReplies, OptionReplies replies) {
    Optional<ContextQuery> query = query(data, structuredReplies, replies);
    if (query.isEmpty()) {
      return;
    }
    boolean match = query.get().queries().isEmpty();
    for (String each : query.get().queries()) {
      match |= each.equals(BASE_NAMESPACE) || each.equals(BASE_ALLOCATION);
    }
    if (match) {
      replies.metaContext(0, BASE_ALLOCATION);
    }
    replies.ack();
  }

  /** SET_META_CONTEXT, after {@link #forget}. */
  void select(ByteBuf data, boolean structuredReplies, OptionReplies replies) {
    Optional<ContextQuery> query = query(data, structuredReplies, replies);
    if (query.isEmpty()) {
      return;
    }
    if (query.get().queries().contains(BASE_ALLOCATION)) {
      selected = Optional.of(query.get().name());
      replies.metaContext(BASE_ALLOCATION_ID, BASE_ALLOCATION);
    }
    replies.ack();
  }

  /** The parsed request, or empty after the error reply. */
  private Optional<ContextQuery> query(
      ByteBuf data, boolean structuredReplies, OptionReplies replies) {
    Optional<ContextQuery> query = OptionData.contextQuery(data);
    if (!structuredReplies) {
      replies.error(REP_ERR_INVALID, "structured replies come first");
      return Optional.empty();
    }
    if (query.isEmpty()) {
      replies.error(REP_ERR_INVALID, "malformed request");
      return Optional.empty();
    }
    if (!exists(query.get().name())) {
      replies.error(REP_ERR_UNKNOWN, "no such export");
      return Optional.empty();
    }
    return query;
  }

  private boolean exists(String name) {
    Optional<Export> export = exports.open(name);
    export.ifPresent(Export::close);
    return export.isPresent();
  }
}

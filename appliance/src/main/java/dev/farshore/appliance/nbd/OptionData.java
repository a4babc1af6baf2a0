package dev.farshore.appliance.nbd;

import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The data of options that carry any, section "Option types". A parser answers empty for data that
 * does not have the form that the text gives; all of them bear any bytes at all.
 */
final class OptionData {

  /**
   * Data of INFO and GO.
   *
   * @param information the NBD_INFO types that the client asks for
   */
  record ExportQuery(String name, List<Integer> information) {}

  /** Data of LIST_META_CONTEXT and SET_META_CONTEXT. */
  record ContextQuery(String name, List<String> queries) {}

  private OptionData() {}

  static Optional<ExportQuery> exportQuery(ByteBuf data) {
    Optional<String> name = lengthAndString(data);
    if (name.isEmpty() || data.readableBytes() < 2) {
      return Optional.empty();
    }
    int count = data.readUnsignedShort();
    if (data.readableBytes() != 2 * count) {
      return Optional.empty();
    }
    List<Integer> information = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      information.add(data.readUnsignedShort());
    }
    return Optional.of(new ExportQuery(name.get(), information));
  }

  static Optional<ContextQuery> contextQuery(ByteBuf data) {
    Optional<String> name = lengthAndString(data);
    if (name.isEmpty() || data.readableBytes() < 4) {
      return Optional.empty();
    }
    long count = data.readUnsignedInt();
    if (count > data.readableBytes() / 4) {
      return Optional.empty();
    }
    List<String> queries = new ArrayList<>((int) count);
    for (int i = 0; i < count; i++) {
      Optional<String> query = lengthAndString(data);
      if (query.isEmpty()) {
        return Optional.empty();
      }
      queries.add(query.get());
    }
    return data.isReadable()
        ? Optional.empty()
        : Optional.of(new ContextQuery(name.get(), queries));
  }

  private static Optional<String> lengthAndString(ByteBuf data) {
    if (data.readableBytes() < 4) {
      return Optional.empty();
    }
    long length = data.readUnsignedInt();
    if (length > data.readableBytes()) {
      return Optional.empty();
    }
    return WireString.read(data, (int) length);
  }
}

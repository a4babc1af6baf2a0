package dev.farshore.agent.mirror.control;

import dev.farshore.link.session.CodeSettings;
import dev.farshore.link.session.LinkSettings;
import java.util.ArrayList;
import java.util.List;

/** How the terms of a link session stand in a message. */
final class LinkTerms {
  private static final int NONE = 0;
  private static final int LAYERED = 1;
  private static final int REED_SOLOMON = 2;
  private static final int MAX_LAYERS = 8;

  private LinkTerms() {}

  static void write(FieldWriter out, LinkSettings link) {
    switch (link.code()) {
      case CodeSettings.None none -> out.int8(NONE);
      case CodeSettings.Layered layered -> {
        out.int8(LAYERED).int32(layered.data()).int32(layered.interleave().size());
        layered.interleave().forEach(out::int32);
      }
      case CodeSettings.ReedSolomon code ->
          out.int8(REED_SOLOMON).int32(code.data()).int32(code.repair());
    }
    out.int64(link.burstNanos())
        .int64(link.flushNanos())
        .int64(link.rateBitsPerSecond())
        .int32(link.datagramBytes())
        .int32(link.windowBytes());
  }

  static LinkSettings read(FieldReader in) throws MalformedMessageException {
    CodeSettings code = readCode(in);
    long burst = in.size();
    long flush = in.size();
    long rate = in.size();
    int datagram = in.int32();
    int window = in.int32();
    try {
      return new LinkSettings(code, burst, flush, rate, datagram, window);
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("link settings: " + e.getMessage());
    }
  }

  private static CodeSettings readCode(FieldReader in) throws MalformedMessageException {
    int kind = in.int8();
    try {
      return switch (kind) {
        case NONE -> new CodeSettings.None();
        case LAYERED -> {
          int data = in.int32();
          int layers = in.count(Integer.BYTES);
          if (layers > MAX_LAYERS) {
            throw new MalformedMessageException(layers + " layers");
          }
          List<Integer> interleave = new ArrayList<>();
          for (int i = 0; i < layers; i++) {
            interleave.add(in.int32());
          }
          yield new CodeSettings.Layered(data, List.copyOf(interleave));
        }
        case REED_SOLOMON -> new CodeSettings.ReedSolomon(in.int32(), in.int32());
        default -> throw new MalformedMessageException("unknown code " + kind);
      };
    } catch (IllegalArgumentException e) {
      throw new MalformedMessageException("code: " + e.getMessage());
    }
  }
}

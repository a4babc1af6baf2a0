package dev.farshore.link.session;

import dev.farshore.link.packet.Packet;
import dev.farshore.link.packet.PacketReader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Sessions for tests of a sender, over a wire without faults. */
abstract class SenderBench {

  static final long US = 1_000;
  static final long MS = 1_000_000;
  static final long SECOND = 1000 * MS;
  static final CodeSettings LAYERED = new CodeSettings.Layered(8, List.of(1, 10, 100));

  static LinkSettings settings(CodeSettings code, long burst, long rate) {
    return new LinkSettings(code, burst, MS / 2, rate, 1000, 1 << 20);
  }

  static Session session(LinkSettings settings, long delay) {
    return new Session(
        settings,
        new Wire(3 * SECOND, settings.datagramBytes(), Wire.perfect(delay), Wire.perfect(delay)));
  }

  static List<Packet> sent(Session session) {
    List<Packet> packets = new ArrayList<>();
    PacketReader reader = new PacketReader(Session.SESSION_ID, 1000);
    session.wire.sending.sent.forEach(bytes -> packets.add(reader.read(ByteBuffer.wrap(bytes))));
    return packets;
  }
}

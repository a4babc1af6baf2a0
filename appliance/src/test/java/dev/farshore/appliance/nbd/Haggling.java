package dev.farshore.appliance.nbd;

import static dev.farshore.appliance.nbd.ClientBytes.MODERN;
import static dev.farshore.appliance.nbd.Protocol.*;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.farshore.appliance.export.FixedDirectory;
import dev.farshore.appliance.export.MemoryExport;
import dev.farshore.appliance.nbd.Handshake.Answered;
import dev.farshore.appliance.nbd.Handshake.Enter;
import dev.farshore.appliance.nbd.Handshake.Step;
import dev.farshore.appliance.nbd.ServerBytes.OptionReply;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HexFormat;

/** A handshake with two exports, driven by hand. */
abstract class Haggling {

  static final long SIZE = 1 << 20;

  final MemoryExport first = new MemoryExport("first", SIZE);
  final MemoryExport mirror = new MemoryExport("mirror", 7, true);
  boolean shuttingDown;
  final Handshake handshake = new Handshake(FixedDirectory.of(first, mirror), () -> shuttingDown);
  final ByteBuf out = Unpooled.buffer();
  final ServerBytes replies = new ServerBytes(out);

  Step run(ClientBytes client) {
    ByteBuf in = Unpooled.wrappedBuffer(client.bytes());
    Step step = handshake.step(in, out);
    while (step instanceof Answered) {
      step = handshake.step(in, out);
    }
    return step;
  }

  static ClientBytes modern() {
    return new ClientBytes().flags(MODERN);
  }

  OptionReply only() {
    OptionReply reply = replies.optionReply();
    replies.end();
    return reply;
  }

  Session entered(ClientBytes client) {
    return assertInstanceOf(Enter.class, run(client)).session();
  }

  static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }
}

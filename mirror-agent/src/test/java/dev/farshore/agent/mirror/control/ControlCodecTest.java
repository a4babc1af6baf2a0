package dev.farshore.agent.mirror.control;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.farshore.agent.mirror.control.ControlMessage.*;
import dev.farshore.link.session.CodeSettings;
import dev.farshore.link.session.LinkSettings;
import dev.farshore.log.group.VolumeInfo;
import dev.farshore.log.record.Chain;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class ControlCodecTest {
  private static final LogPosition POSITION =
      new LogPosition(42, new Epoch(2, 1, 3), new Chain(0x0123456789abcdefL, -2));

  private static LinkSettings link(CodeSettings code) {
    return new LinkSettings(code, 1_000_000, 500_000, 1_000_000_000L, 1400, 32 << 20);
  }

  static List<ControlMessage> messages() {
    CodeSettings layered = new CodeSettings.Layered(8, List.of(1, 10, 100));
    CodeSettings reedSolomon = new CodeSettings.ReedSolomon(10, 4);
    return List.of(
        new Hello(77, "group", 1, new Epoch(1, 1, 0), POSITION),
        new Welcome(true, LogPosition.START, 1),
        new Welcome(false, POSITION, 5),
        new Refused(RefusalKind.FENCED, new Epoch(9, 2, 0), "a higher epoch"),
        new AskChain(7),
        new ChainIs(7, Optional.of(POSITION)),
        new ChainIs(8, Optional.empty()),
        new PullTail(9),
        new TailBytes(ByteBuffer.wrap(new byte[] {1, 2, 3}), true),
        new TailEnd(POSITION),
        new CutTo(3),
        new CutDone(POSITION),
        new CutRefused(4),
        new BeginFill(5, POSITION, List.of(new VolumeInfo(1, "v", 4096)), link(layered)),
        new FillFrom(1, 8192),
        new Filled(POSITION),
        new BeginStream(6, 43, link(reedSolomon)),
        new BeginStream(6, 43, link(new CodeSettings.None())),
        new Ready(),
        new PrimaryProgress(100, 90, 80),
        new Ping(1),
        new Pong(1),
        new StreamBroken("diverged"),
        new SwitchoverRequest(new Epoch(3, 2, 0)),
        new SwitchoverDone(POSITION),
        new SwitchoverFailed("no"),
        new MirrorProgress(70),
        new LogLost(71));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void comesBackAsItWas(ControlMessage message) throws MalformedMessageException {
    assertEquals(message, ControlCodec.decode(ControlCodec.encode(message)));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void refusesEveryTruncation(ControlMessage message) {
    ByteBuffer whole = ControlCodec.encode(message);
    for (int length = 0; length < whole.remaining(); length++) {
      ByteBuffer cut = whole.duplicate().limit(length);
      assertThrows(MalformedMessageException.class, () -> ControlCodec.decode(cut));
    }
  }

  @ParameterizedTest
  @MethodSource("messages")
  void survivesEveryBitFlip(ControlMessage message) {
    ByteBuffer whole = ControlCodec.encode(message);
    for (int bit = 0; bit < whole.remaining() * 8; bit++) {
      ByteBuffer flipped = ByteBuffer.allocate(whole.remaining()).put(whole.duplicate()).flip();
      flipped.put(bit / 8, (byte) (flipped.get(bit / 8) ^ (1 << (bit % 8))));
      decodeOrRefuse(flipped);
    }
  }

  @Test
  void survivesGarbage() {
    long seed = 20261121;
    SplittableRandom random = new SplittableRandom(seed);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = new byte[random.nextInt(200)];
      random.nextBytes(bytes);
      if (bytes.length > 1) {
        bytes[0] = 3;
        bytes[1] = (byte) random.nextInt(28);
      }
      decodeOrRefuse(ByteBuffer.wrap(bytes));
    }
  }

  /** Anything but the format's own exception fails the test. */
  private static void decodeOrRefuse(ByteBuffer bytes) {
    try {
      ControlMessage message = ControlCodec.decode(bytes);
      assertEquals(message, reencoded(message));
    } catch (MalformedMessageException expected) {
      // refused, as it should be
    }
  }

  private static ControlMessage reencoded(ControlMessage message) throws MalformedMessageException {
    return ControlCodec.decode(ControlCodec.encode(message));
  }

  @Test
  void keepsItsLayout() {
    ByteBuffer bytes = ControlCodec.encode(new BeginStream(6, 43, link(new CodeSettings.None())));
    StringBuilder hex = new StringBuilder();
    while (bytes.hasRemaining()) {
      hex.append(String.format("%02x", bytes.get()));
    }
    assertEquals(
        "030f"
            + "0000000000000006"
            + "000000000000002b"
            + "00"
            + "00000000000f4240"
            + "000000000007a120"
            + "000000003b9aca00"
            + "00000578"
            + "02000000",
        hex.toString());
  }
}

package dev.farshore.agent.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.mirror.GroupSettings.Beyond;
import dev.farshore.agent.mirror.GroupSettings.OnQuota;
import dev.farshore.agent.mirror.GroupSettings.RiskLimits;
import dev.farshore.agent.mirror.SimulatedPair.Awaited;
import dev.farshore.agent.mirror.control.ControlCodec;
import dev.farshore.agent.mirror.control.ControlMessage;
import dev.farshore.agent.mirror.control.ControlMessage.AskChain;
import dev.farshore.agent.mirror.control.ControlMessage.BeginFill;
import dev.farshore.agent.mirror.control.ControlMessage.BeginStream;
import dev.farshore.agent.mirror.control.ControlMessage.CutTo;
import dev.farshore.agent.mirror.control.ControlMessage.Filled;
import dev.farshore.agent.mirror.control.ControlMessage.Hello;
import dev.farshore.agent.mirror.control.ControlMessage.PrimaryProgress;
import dev.farshore.agent.mirror.control.ControlMessage.PullTail;
import dev.farshore.agent.mirror.control.ControlMessage.Ready;
import dev.farshore.agent.mirror.control.ControlMessage.SwitchoverDone;
import dev.farshore.agent.mirror.control.ControlMessage.TailBytes;
import dev.farshore.agent.mirror.control.ControlMessage.TailEnd;
import dev.farshore.link.port.ControlNetwork;
import dev.farshore.link.port.ControlPort;
import dev.farshore.link.session.CodeSettings;
import dev.farshore.link.session.LinkSettings;
import dev.farshore.log.group.VolumeInfo;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A primary that asks its mirror for what makes no sense gets no answer, and changes nothing. */
class StrangePrimaryTest {
  private static final RiskLimits RISK =
      new RiskLimits(64 << 20, 300_000_000_000L, Beyond.BLOCK, 1L << 30, OnQuota.DETACH_MIRROR);
  private static final LinkSettings LINK =
      new LinkSettings(new CodeSettings.None(), 0, 0, 1_000_000, 1400, 1 << 20);
  private static final LogPosition NOWHERE =
      new LogPosition(Long.MAX_VALUE, new Epoch(9, 9), LogPosition.START.chain());

  private final SimulatedPair pair = new SimulatedPair(new SyncMode.Network(2), RISK, 500_000);

  static Stream<ControlMessage> strangeMessages() {
    return Stream.of(
        new PullTail(Long.MIN_VALUE),
        new PullTail(0),
        new PullTail(1_000_000),
        new PullTail(Long.MAX_VALUE),
        new AskChain(-1),
        new AskChain(Long.MAX_VALUE),
        new CutTo(-1),
        new CutTo(Long.MAX_VALUE),
        new BeginStream(0, -1, LINK),
        new BeginStream(0, Long.MAX_VALUE, LINK),
        new BeginFill(0, NOWHERE, List.of(), LINK),
        new BeginFill(0, NOWHERE, List.of(new VolumeInfo(1, "v", Long.MAX_VALUE)), LINK),
        new BeginFill(
            0, NOWHERE, List.of(new VolumeInfo(1, "v", 4096), new VolumeInfo(1, "v", 4096)), LINK),
        new PrimaryProgress(-1, -1, -1),
        new Ready(),
        new Filled(NOWHERE),
        new TailBytes(ByteBuffer.allocate(3), true),
        new TailEnd(NOWHERE),
        new SwitchoverDone(NOWHERE));
  }

  @ParameterizedTest
  @MethodSource("strangeMessages")
  void itsMirrorGoesOn(ControlMessage message) throws IOException {
    pair.startWithVolume();
    for (int i = 0; i < 300; i++) {
      Awaited reply = pair.submitWrite(pair.west, i * 4096L % SimulatedPair.VOLUME_BYTES, i);
      pair.await("reply", () -> reply.done);
    }
    pair.pass(1_000_000_000);
    LogPosition end = pair.east.node().store().orElseThrow().log().last();
    GroupSnapshot east = pair.east.node().snapshot(pair.now());
    Hello hello =
        new Hello(
            east.leadership().groupId(),
            "g",
            1,
            pair.west.node().leads().orElseThrow(),
            pair.west.node().store().orElseThrow().log().last());
    pair.west.kill();
    pair.pass(10_000_000_000L);
    say(hello, message);
    pair.pass(3_000_000_000L);
    assertTrue(pair.east.node().store().orElseThrow().failure().isEmpty());
    assertEquals(end, pair.east.node().store().orElseThrow().log().last());

    pair.west.start();
    pair.await("joined", () -> link(pair.west) == LinkState.STREAMING);
    Awaited reply = pair.submitWrite(pair.west, 0, 77);
    pair.await("reply", () -> reply.done);
    pair.await("equal", () -> last(pair.west).equals(last(pair.east)));
  }

  private void say(ControlMessage... messages) {
    pair.connect(
        "east",
        new ControlNetwork.ConnectHandler() {
          @Override
          public void onConnected(ControlPort port) {
            port.handler(
                new ControlPort.Handler() {
                  @Override
                  public void onMessage(ByteBuffer answer) {}

                  @Override
                  public void onClosed(String reason) {}
                });
            for (ControlMessage message : messages) {
              port.send(ControlCodec.encode(message));
            }
          }

          @Override
          public void onFailed(String reason) {
            throw new AssertionError(reason);
          }
        });
  }

  private LinkState link(SimulatedSite site) {
    return site.node().snapshot(pair.now()).linkState();
  }

  private static LogPosition last(SimulatedSite site) {
    return site.node().store().orElseThrow().log().last();
  }
}

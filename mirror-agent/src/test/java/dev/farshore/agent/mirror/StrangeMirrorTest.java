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
import dev.farshore.agent.mirror.control.ControlMessage.ChainIs;
import dev.farshore.agent.mirror.control.ControlMessage.CutDone;
import dev.farshore.agent.mirror.control.ControlMessage.CutRefused;
import dev.farshore.agent.mirror.control.ControlMessage.FillFrom;
import dev.farshore.agent.mirror.control.ControlMessage.Filled;
import dev.farshore.agent.mirror.control.ControlMessage.PullTail;
import dev.farshore.agent.mirror.control.ControlMessage.Ready;
import dev.farshore.agent.mirror.control.ControlMessage.RefusalKind;
import dev.farshore.agent.mirror.control.ControlMessage.Refused;
import dev.farshore.agent.mirror.control.ControlMessage.StreamBroken;
import dev.farshore.agent.mirror.control.ControlMessage.SwitchoverRequest;
import dev.farshore.agent.mirror.control.ControlMessage.TailBytes;
import dev.farshore.agent.mirror.control.ControlMessage.TailEnd;
import dev.farshore.agent.mirror.control.ControlMessage.Welcome;
import dev.farshore.link.port.ControlPort;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A mirror that says what makes no sense does its primary no harm. */
class StrangeMirrorTest {
  private static final RiskLimits RISK =
      new RiskLimits(64 << 20, 300_000_000_000L, Beyond.DEGRADE, 1L << 30, OnQuota.DETACH_MIRROR);
  private static final LogPosition NOWHERE =
      new LogPosition(1L << 40, new Epoch(9, 9), LogPosition.START.chain());
  private static final LogPosition LOW =
      new LogPosition(3, new Epoch(1, 1), LogPosition.START.chain());

  private final SimulatedPair pair = new SimulatedPair(new SyncMode.Network(2), RISK, 500_000);

  static Stream<List<ControlMessage>> conversations() {
    Welcome empty = new Welcome(true, LogPosition.START, 1);
    return Stream.of(
        List.of(empty),
        List.of(empty, new Ready()),
        List.of(empty, new FillFrom(0, 0), new Filled(NOWHERE)),
        List.of(empty, new Filled(NOWHERE)),
        List.of(empty, new Filled(NOWHERE), new FillFrom(0, 0)),
        List.of(empty, new FillFrom(1, 0), new FillFrom(1, 0)),
        List.of(empty, new FillFrom(1, 5)),
        List.of(empty, new FillFrom(1, Long.MAX_VALUE)),
        List.of(empty, new FillFrom(Integer.MAX_VALUE, Long.MAX_VALUE)),
        List.of(empty, new FillFrom(Integer.MIN_VALUE, 0)),
        List.of(new Welcome(false, NOWHERE, 1)),
        List.of(new Welcome(false, NOWHERE, 1), new ChainIs(7, Optional.empty())),
        List.of(new Welcome(false, NOWHERE, 1), new ChainIs(7, Optional.of(NOWHERE))),
        List.of(new Welcome(false, NOWHERE, Long.MAX_VALUE), new FillFrom(0, 0)),
        List.of(new Welcome(false, LOW, 1), new ChainIs(1, Optional.of(LOW))),
        List.of(new Welcome(false, LOW, Long.MAX_VALUE), new CutRefused(Long.MAX_VALUE)),
        List.of(new Welcome(false, LogPosition.START, 1), new Ready(), new Ready()),
        List.of(new Welcome(false, LogPosition.START, 0), new CutDone(NOWHERE)),
        List.of(empty, new TailBytes(ByteBuffer.allocate(9), true)),
        List.of(empty, new TailEnd(NOWHERE)),
        List.of(empty, new PullTail(1)),
        List.of(empty, new AskChain(1)),
        List.of(empty, new StreamBroken("just so")),
        List.of(empty, new SwitchoverRequest(new Epoch(0, 2))),
        List.of(new Refused(RefusalKind.WRONG_GROUP, new Epoch(0, 0), "who?")),
        List.of(new Refused(RefusalKind.FENCED, new Epoch(0, 2), "an old epoch")));
  }

  @ParameterizedTest
  @MethodSource("conversations")
  void itsPrimaryGoesOn(List<ControlMessage> said) throws IOException {
    pair.startWithVolume();
    for (int i = 0; i < 300; i++) {
      write(i * 4096L % SimulatedPair.VOLUME_BYTES, i);
    }
    pair.pass(1_000_000_000);
    Epoch epoch = pair.west.node().leads().orElseThrow();
    pair.east.kill();
    Stranger stranger = new Stranger(said);
    pair.listen("east", stranger::accept);
    pair.await("two conversations", () -> stranger.conversations > 1);
    pair.pass(3_000_000_000L);
    assertEquals(epoch, pair.west.node().leads().orElseThrow());
    assertTrue(pair.west.node().store().orElseThrow().failure().isEmpty());

    pair.east.kill();
    pair.east.start();
    pair.await("joined", () -> link(pair.west) == LinkState.STREAMING);
    write(0, 77);
    pair.await("equal", () -> last(pair.west).equals(last(pair.east)));
    assertEquals(77, pair.read(pair.west, 0));
  }

  private void write(long offset, int value) {
    Awaited reply = pair.submitWrite(pair.west, offset, value);
    pair.await("reply", () -> reply.done);
    assertEquals("", reply.failure);
  }

  /** Answers every hello with the same words, whatever else it hears, and ends no conversation. */
  private static final class Stranger {
    private final List<ControlMessage> said;
    private int conversations;

    Stranger(List<ControlMessage> said) {
      this.said = said;
    }

    void accept(ControlPort port) {
      port.handler(
          new ControlPort.Handler() {
            private boolean greeted;

            @Override
            public void onMessage(ByteBuffer message) {
              if (!greeted) {
                greeted = true;
                conversations++;
                said.forEach(words -> port.send(ControlCodec.encode(words)));
              }
            }

            @Override
            public void onClosed(String reason) {
              // It comes back, and is told the same.
            }
          });
    }
  }

  private LinkState link(SimulatedSite site) {
    return site.node().snapshot(pair.now()).linkState();
  }

  private static LogPosition last(SimulatedSite site) {
    return site.node().store().orElseThrow().log().last();
  }
}

package dev.farshore.emulab.wan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.model.Bottleneck;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.LossModel;
import dev.farshore.link.model.QueueLimit;
import dev.farshore.link.model.Reordering;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How conditions are written, and what is said about those that are not understood. */
class PathTextTest {

  private static LinkConditions read(String... keysAndValues) {
    return PathText.of(map(keysAndValues), 28).conditions();
  }

  private static Map<String, String> map(String... keysAndValues) {
    Map<String, String> map = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      map.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return map;
  }

  @Test
  void defaultsAreAGigabitLinkWithoutFaults() {
    assertEquals(
        new LinkConditions(
            25_000_000,
            0,
            new Bottleneck.DropTail(1_000_000_000, new QueueLimit.Time(50_000_000), 28),
            LossModel.NONE,
            new Reordering(0, 1_000_000),
            0,
            0),
        read());
  }

  @Test
  void lossIsIndependentOrInRunsOrInOutages() {
    assertEquals(new LossModel.Independent(0.01), read("loss", "1%").loss());
    assertEquals(new LossModel.PacketBursts(0.01, 8), read("loss", "1%", "burst", "8").loss());
    assertEquals(
        new LossModel.Outages(0.005, 1_000_000, 0), read("loss", "0.5%", "burst", "1ms").loss());
    assertEquals(
        new LossModel.Outages(0.01, 1_000_000, 5_000_000),
        read("loss", "1 %", "burst", "1ms", "burst-gap", "5ms").loss());
    assertEquals(LossModel.NONE, read("burst", "3").loss());
    assertEquals(
        new LossModel.TwoStates(0.02, 20, 0, 0.5),
        read("loss", "1%", "burst", "20", "burst-loss", "50%").loss());
    assertEquals(
        LossModel.TwoStates.losing(0.01, 20, 0.001, 1),
        read("loss", "1%", "burst", "20", "gap-loss", "0.1%").loss());
  }

  @Test
  void everythingElseIsReadToo() {
    assertEquals(Bottleneck.NONE, read("rate", "unlimited").bottleneck());
    assertEquals(
        new Bottleneck.DropTail(5_000_000, new QueueLimit.Bytes(65_536), 28),
        read("rate", "5Mbit", "queue", "64KiB").bottleneck());
    assertEquals(
        new Bottleneck.DropTail(1_000_000_000, new QueueLimit.Time(0), 28),
        read("queue", "0").bottleneck());
    assertEquals(
        new Reordering(0.02, 3_000_000), read("reorder", "2%", "reorder-by", "3ms").reordering());
    assertEquals(0.001, read("duplicate", "0.1%").duplicate());
    assertEquals(1, read("corrupt", "100%").corrupt());
    assertEquals(1_500_000, read("jitter", "1.5ms").jitterNanos());
    assertEquals(0, read("delay", "0").delayNanos());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "loss|1|loss: '1' is not a share like 1% or 0.05%",
        "loss|0.01|loss: '0.01' is not a share",
        "loss|101%|loss: '101%' is more than 100%",
        "loss|-1%|loss: '-1%' is not a share",
        "loss|1e1%|is not a share",
        "delay|25|delay: '25' has no unit",
        "delay|25 m|delay: unknown unit 'm'",
        "delay|-1ms|delay: '-1ms' is not a duration",
        "rate|1GB|rate: unknown unit 'GB'",
        "rate|0bit|rate: ",
        "queue|5|queue: '5' has no unit",
        "burst|0|burst: ",
        "gap-loss|1%|loss: ",
        "burst|0.5|burst: ",
        "burst|many|burst: 'many' is not a duration",
        "burst|0ms|burst: ",
        "jitter|1%|jitter: ",
        "reorder|5%,reorder-by=0|reorder-by: ",
        "dealy|1ms|unknown 'dealy': known are delay, jitter",
      })
  void whatIsNotUnderstoodIsNamed(String key, String value, String complaint) {
    String[] more = value.split(",reorder-by=");
    Map<String, String> values =
        more.length == 1 ? map(key, value) : map(key, more[0], "reorder-by", more[1]);
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> PathText.of(values, 28));
    assertTrue(refused.getMessage().contains(complaint), refused.getMessage());
  }

  @Test
  void changesKeepTheRestAndBadOnesChangeNothing() {
    PathText path = PathText.of(map("loss", "1%"), 28);
    PathText other = path.with(map("delay", "50ms"), 28);
    assertEquals("1%", other.values().get("loss"));
    assertEquals(50_000_000, other.conditions().delayNanos());
    assertThrows(IllegalArgumentException.class, () -> path.with(map("loss", "x"), 28));
    assertTrue(path.toString().startsWith("delay=25ms jitter=0 rate=1Gbit queue=50ms loss=1%"));
  }

  @Test
  void ordersAreReadStrictly() {
    assertEquals(
        new Order.CloseEntrance(List.of(Direction.FORWARD, Direction.BACKWARD)),
        Order.parse(" close-entrance "));
    assertEquals(
        new Order.OpenEntrance(List.of(Direction.BACKWARD)), Order.parse("open-entrance backward"));
    assertEquals(
        new Order.Change(List.of(Direction.FORWARD), map("loss", "0.5%", "delay", "1ms")),
        Order.parse("set forward loss=0.5%  delay=1ms"));
    assertEquals(new Order.Statistics(true), Order.parse("stats json"));
    for (String wrong :
        List.of(
            "",
            "close",
            "close-entrance up",
            "set",
            "set loss",
            "set loss=",
            "set up loss=1%",
            "show me",
            "stats xml",
            "quit now")) {
      assertThrows(IllegalArgumentException.class, () -> Order.parse(wrong), wrong);
    }
  }
}

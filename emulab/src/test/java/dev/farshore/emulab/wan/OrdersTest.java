package dev.farshore.emulab.wan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.model.LinkConditions;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Orders, on a link that writes down what it is told. */
class OrdersTest {

  private static final class Notebook implements Orders.Link {
    final List<String> notes = new ArrayList<>();
    final Set<Direction> closed = EnumSet.noneOf(Direction.class);

    @Override
    public void openEntrance(Direction direction) {
      notes.add(direction + " opened");
      closed.remove(direction);
    }

    @Override
    public long closeEntrance(Direction direction) {
      notes.add(direction + " closed");
      closed.add(direction);
      return System.nanoTime();
    }

    @Override
    public long sever(Direction direction) {
      notes.add(direction + " severed");
      closed.add(direction);
      return System.nanoTime() - 5_000_000_000L;
    }

    @Override
    public boolean isEntranceOpen(Direction direction) {
      return !closed.contains(direction);
    }

    @Override
    public void change(Direction direction, LinkConditions conditions) {
      notes.add(direction + " delay " + conditions.delayNanos());
    }

    @Override
    public void schedule(Direction direction, List<Outage> outages) {
      notes.add(direction + " " + outages);
    }

    @Override
    public void heal(Direction direction) {
      notes.add(direction + " healed");
    }

    @Override
    public String report(boolean json) {
      return json ? "json" : "text";
    }

    @Override
    public void quit() {
      notes.add("quit");
    }
  }

  private final Notebook link = new Notebook();
  private final Orders orders = new Orders(Map.of("delay", "5ms"), 28, link);

  @Test
  void eachDirectionIsChangedByItself() {
    String shown = orders.obey("set backward delay=9ms");
    assertEquals(List.of("backward delay 9000000"), link.notes);
    assertTrue(shown.lines().toList().get(0).startsWith("forward: delay=5ms"), shown);
    assertTrue(shown.lines().toList().get(1).startsWith("backward: delay=9ms"), shown);
    assertEquals(9_000_000, orders.path(Direction.BACKWARD).conditions().delayNanos());
    assertThrows(IllegalArgumentException.class, () -> orders.obey("set delay=soon"));
    assertEquals(1, link.notes.size(), "all or nothing");
  }

  @Test
  void aSeveredLinkIsClosedUntilItIsOpened() {
    assertTrue(orders.obey("sever forward").contains("(entrance closed)"));
    assertEquals(List.of("forward severed"), link.notes);
    assertTrue(!orders.obey("open-entrance").contains("closed"));
  }

  @Test
  void theAnswerToAnOrderThatClosesSaysHowLongAgo() {
    String severed = orders.obey("sever");
    for (Direction direction : Direction.values()) {
      long since = ClosedSince.nanos(severed, direction).orElseThrow();
      assertTrue(since >= 5_000_000_000L && since < 65_000_000_000L, severed);
    }
    String closed = orders.obey("close-entrance backward");
    assertTrue(ClosedSince.nanos(closed, Direction.BACKWARD).orElseThrow() < 60_000_000_000L);
    assertTrue(ClosedSince.nanos(closed, Direction.FORWARD).isEmpty(), closed);
    String shown = orders.obey("show");
    assertTrue(ClosedSince.nanos(shown, Direction.FORWARD).isEmpty(), shown);
    for (String broken : List.of("closed forward - ns ago", "closed forward  ns ago", "closed f")) {
      assertTrue(ClosedSince.nanos(broken, Direction.FORWARD).isEmpty(), broken);
    }
  }

  @Test
  void entranceShowsThatItIsClosed() {
    assertTrue(orders.obey("close-entrance forward").contains("(entrance closed)"));
    assertTrue(!orders.obey("open-entrance").contains("closed"));
    assertEquals(List.of("forward closed", "forward opened", "backward opened"), link.notes);
  }

  @Test
  void outagesAreScheduledAndHealed() {
    orders.obey("outage forward 10s+500ms 0+1s,2s+3s");
    orders.obey("outage 1ms+1ms");
    orders.obey("heal backward");
    Outage short1 = new Outage(1_000_000, 1_000_000);
    assertEquals(
        List.of(
            "forward "
                + List.of(
                    new Outage(10_000_000_000L, 500_000_000),
                    new Outage(0, 1_000_000_000),
                    new Outage(2_000_000_000, 3_000_000_000L)),
            "forward " + List.of(short1),
            "backward " + List.of(short1),
            "backward healed"),
        link.notes);
  }

  @Test
  void wrongOutagesAreRefusedInWords() {
    for (String wrong :
        List.of(
            "outage",
            "outage forward",
            "outage sideways 1s+1s",
            "outage 1s",
            "outage +1s",
            "outage 1s+0",
            "outage 1s+",
            "outage 1s+1",
            "outage 1s+1s,",
            "outage 1s-1s",
            "heal 1s")) {
      var refused = assertThrows(IllegalArgumentException.class, () -> orders.obey(wrong), wrong);
      assertTrue(!refused.getMessage().isBlank(), wrong);
    }
    assertEquals(List.of(), link.notes);
  }

  @Test
  void reportsHelpAndEnd() {
    assertEquals("text", orders.obey("stats"));
    assertEquals("json", orders.obey("stats json"));
    assertTrue(orders.obey("help").contains("outage [forward|backward] BEGIN+LENGTH"));
    orders.obey("quit");
    assertEquals(List.of("quit"), link.notes);
  }
}

package dev.farshore.emulab.tun;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.wan.Direction;
import dev.farshore.emulab.wan.WanReport;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.LinkModel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Names that the kernel takes, and when a run counts. */
class TunSettingsTest {

  @Test
  void namesThatWouldBeOptionsOrPathsAreRefused() {
    for (String bad : List.of("", "-n", "..", ".", "a/b", "a b", "ä", "x".repeat(65))) {
      assertThrows(IllegalArgumentException.class, () -> new Namespace(bad), bad);
    }
    for (String bad : List.of("", "-a", "a/b", "..", "x".repeat(16), "%d")) {
      assertThrows(IllegalArgumentException.class, () -> TunDevice.requireName(bad), bad);
    }
    assertEquals("wan-0.1_a", TunDevice.requireName("wan-0.1_a"));
    assertEquals("west", new Namespace("west").name());
  }

  @Test
  void endsDifferAndTheMtuIsOne() {
    Namespace west = new Namespace("west");
    Namespace east = new Namespace("east");
    assertThrows(
        IllegalArgumentException.class, () -> TunSettings.between(west, west, Map.of(), 1));
    TunSettings good = TunSettings.between(west, east, Map.of(), 1);
    for (int mtu : new int[] {0, 67, 65_536}) {
      assertThrows(
          IllegalArgumentException.class,
          () -> new TunSettings(good.near(), good.far(), "wan0", mtu, Map.of(), 1));
    }
  }

  private static TunReport report(long notRead, long unrecognisable, long notSent) {
    LinkModel model = new LinkModel(LinkConditions.PERFECT, 1);
    model.offer(100, 0);
    return new TunReport(
        List.of(
            new TunReport.OneWay(
                Direction.FORWARD,
                "west",
                "east",
                "delay=1ms",
                new WanReport.Udp(
                    true, model.counters(), 1, new WanReport.Faults(0, 0, notSent, 0)),
                new TunReport.Faults(notRead, 0, 0, unrecognisable),
                new TunReport.Late(1_000, 2_000, 3_000))),
        "");
  }

  @Test
  void aRunIsValidOnlyIfNothingWasLostBesideTheModel() {
    assertTrue(report(0, 0, 0).isValid());
    assertTrue(report(0, 5, 0).isValid(), "damage is the model's");
    for (TunReport bad : List.of(report(1, 0, 0), report(0, 0, 1))) {
      assertTrue(!bad.isValid());
      assertTrue(bad.text().contains("INVALID"), bad.text());
      assertTrue(bad.json().contains("\"valid\":false"), bad.json());
    }
    TunReport lost = new TunReport(report(0, 0, 0).directions(), "the device is gone");
    assertTrue(!lost.isValid() && lost.text().endsWith("INVALID: the device is gone"), lost.text());
    assertTrue(report(0, 0, 0).text().contains("offered 1, passed 1 (100 bytes)"));
  }
}

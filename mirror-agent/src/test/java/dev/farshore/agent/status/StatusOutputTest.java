package dev.farshore.agent.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.status.GroupStatus.Copy;
import dev.farshore.agent.status.GroupStatus.Exposure;
import dev.farshore.agent.status.GroupStatus.Flow;
import dev.farshore.agent.status.GroupStatus.Holding;
import dev.farshore.agent.status.GroupStatus.Lag;
import dev.farshore.agent.status.GroupStatus.Packets;
import dev.farshore.agent.status.GroupStatus.Peer;
import dev.farshore.agent.status.GroupStatus.SentMeans;
import dev.farshore.agent.status.GroupStatus.Space;
import dev.farshore.agent.status.GroupStatus.Standing;
import dev.farshore.agent.status.GroupStatus.Volume;
import dev.farshore.agent.status.GroupStatus.Wire;
import dev.farshore.appliance.volume.Watermarks;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class StatusOutputTest {
  private static SiteStatus site(Verdict verdict, Optional<Copy> copy, OptionalDouble chance) {
    Flow flow =
        new Flow(
            new Watermarks(60, 50, 40, 30, 20, 10),
            new Lag(50, OptionalLong.of(1 << 20), 0.25),
            new Wire(
                0.0102, 3, new Packets(4000, 1563, 40, 1), 0.391, SentMeans.GIVEN_TO_OUR_KERNEL),
            Optional.of(new Exposure(1 << 19, 0.3, chance)),
            copy);
    Holding holding =
        new Holding(
            new Space(100 << 20, 8L << 30, "detach-mirror"),
            List.of(new Volume("demo", 1 << 30, true, List.of("nbd://localhost:10809/demo"))),
            List.of("recovery cut 17 torn bytes"));
    return new SiteStatus(
        "west",
        1,
        4711,
        "0.1",
        "/data",
        List.of(
            new GroupStatus(
                "main",
                verdict,
                new Standing(Role.PRIMARY, "1.1.0", "network (full coverage)"),
                new Peer("east", true, Replication.STREAMING, 0.0502),
                flow,
                holding)));
  }

  @Test
  void textHasOneLabelledLineForEachMatter() {
    String text =
        StatusText.render(site(Verdict.HEALTHY, Optional.empty(), OptionalDouble.empty()));
    assertEquals(
        """
            site: west  number:1 pid:4711 version:0.1 data:/data
           group: main
          health: healthy
            role: primary epoch:1.1.0 mode:network (full coverage)
            peer: east link:up replication:streaming round-trip:0.050s
             lag: records:50 bytes:1MiB time:0.250s
           marks: appended:60 forced:50 sent:40 covered:30 received:20 mirrored:10
            wire: loss:1.02% longest-burst:3 repaired:40 resent:1 overhead:39.10% sent-means:given-to-our-kernel
         at-risk: bytes:512KiB time:0.300s
             log: retained:100MiB quota:8GiB on-quota:detach-mirror
          volume: demo size:1GiB writable nbd://localhost:10809/demo
            note: recovery cut 17 torn bytes
        """,
        text);
  }

  @Test
  void whyAndActionStandThereOnlyWhenSomethingIsWrong() {
    Verdict wrong = new Verdict(Health.BLOCKED, "writes wait", "bring it back");
    String text =
        StatusText.render(
            site(wrong, Optional.of(new Copy(1 << 20, 4 << 20)), OptionalDouble.of(3e-4)));
    assertTrue(
        text.contains("  health: blocked\n     why: writes wait\n  action: bring it back\n"));
    assertTrue(text.contains("    copy: done:1MiB of:4MiB share:25.00%\n"), text);
    assertTrue(text.contains("chance:3.0e-04"), text);
  }

  @Test
  void jsonHasEverythingWithItsUnit() {
    assertEquals(
        "{\"schema\":1,\"site\":\"west\",\"number\":1,\"pid\":4711,\"version\":\"0.1\","
            + "\"data\":\"/data\",\"health\":\"healthy\",\"groups\":[{\"name\":\"main\","
            + "\"health\":\"healthy\",\"why\":\"\",\"action\":\"\",\"role\":\"primary\","
            + "\"epoch\":\"1.1.0\",\"mode\":\"network (full coverage)\",\"peer\":{\"name\":\"east\","
            + "\"connected\":true,\"replication\":\"streaming\",\"roundTripSeconds\":0.0502},"
            + "\"lag\":{\"records\":50,\"bytes\":1048576,\"seconds\":0.25},\"watermarks\":{"
            + "\"appended\":60,\"forced\":50,\"sent\":40,\"covered\":30,\"received\":20,"
            + "\"mirrored\":10},\"wire\":{\"loss\":0.0102,\"longestBurst\":3,\"repairedPackets\":40,"
            + "\"resentPackets\":1,\"overhead\":0.391,\"sentMeans\":\"given to our kernel\","
            + "\"dataPackets\":4000,\"repairPackets\":1563},"
            + "\"atRisk\":{\"bytes\":524288,\"seconds\":0.3,\"lossChance\":0.5},\"log\":{"
            + "\"retainedBytes\":104857600,\"quotaBytes\":8589934592,\"onQuota\":\"detach-mirror\"},"
            + "\"volumes\":[{\"name\":\"demo\",\"sizeBytes\":1073741824,\"writable\":true,"
            + "\"addresses\":[\"nbd://localhost:10809/demo\"]}],"
            + "\"notes\":[\"recovery cut 17 torn bytes\"]}]}",
        StatusJson.write(site(Verdict.HEALTHY, Optional.empty(), OptionalDouble.of(0.5)))
            .toString());
  }

  @Test
  void aSiteIsAsHealthyAsItsWorstGroup() {
    Verdict fenced = new Verdict(Health.FENCED, "w", "");
    assertEquals(Health.FENCED, site(fenced, Optional.empty(), OptionalDouble.empty()).health());
    assertEquals(Health.STARTING, new SiteStatus("a", 1, 1, "v", "/d", List.of()).health());
  }

  @Test
  void humanNumbersKeepThreeDigitsOrSo() {
    assertEquals("0B", Human.bytes(0));
    assertEquals("1023B", Human.bytes(1023));
    assertEquals("1KiB", Human.bytes(1024));
    assertEquals("1.0MiB", Human.bytes((1 << 20) - 1));
    assertEquals("1.5GiB", Human.bytes(3L << 29));
    assertEquals("2h05min", Human.seconds(7512));
  }
}

package dev.farshore.agent.site;

import static dev.farshore.agent.mirror.SimulatedPair.MILLIS;
import static dev.farshore.agent.mirror.SimulatedPair.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.farshore.agent.command.StatusRun;
import dev.farshore.agent.mirror.GroupSettings.Beyond;
import dev.farshore.agent.mirror.GroupSettings.OnQuota;
import dev.farshore.agent.mirror.GroupSettings.RiskLimits;
import dev.farshore.agent.mirror.SimulatedPair;
import dev.farshore.agent.mirror.SimulatedPair.Awaited;
import dev.farshore.agent.mirror.SyncMode;
import dev.farshore.agent.status.Health;
import dev.farshore.link.model.LinkConditions;
import dev.farshore.log.disk.DiskFaults.Call;
import dev.farshore.log.group.PinnedView;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Every state that a group can be in, as the running engine reaches it and a user sees it. */
@Timeout(120)
class StatusStatesTest {
  private static final int OK = 0;
  private static final int NOT_HEALTHY = 3;
  private static final int VOLUME_BLOCKS = SimulatedPair.VOLUME_BYTES / 4096;

  @TempDir Path directory;
  private SimulatedPair pair;
  private SiteView west;
  private SiteView east;
  private int sockets;
  private int written;

  private void begin(RiskLimits risk, String quota) throws IOException {
    pair = new SimulatedPair(new SyncMode.Network(2), risk, MILLIS / 2);
    west = new SiteView(pair, pair.west, "west", quota);
    east = new SiteView(pair, pair.east, "east", quota);
    pair.startWithVolume();
  }

  private static RiskLimits risk(Beyond beyond, OnQuota onQuota, long quota) {
    return new RiskLimits(64 << 20, 20 * SECOND, beyond, quota, onQuota);
  }

  private void begin(Beyond beyond) throws IOException {
    begin(risk(beyond, OnQuota.DETACH_MIRROR, 1L << 30), "1GiB");
  }

  private Awaited submit() {
    int value = ++written;
    return pair.submitWrite(pair.west, value % VOLUME_BLOCKS * 4096L, value);
  }

  private void write(int times) {
    for (int i = 0; i < times; i++) {
      Awaited reply = submit();
      pair.await("reply", () -> reply.done);
      assertEquals("", reply.failure);
    }
  }

  private void becomes(SiteView site, Health health) {
    pair.await(health.word(), () -> site.health() == health);
  }

  /** What people and scripts get to see, and what the command exits with. */
  private void seen(SiteView site, Health health, String... texts) throws IOException {
    StatusRun run = site.run(directory.resolve("s" + sockets++));
    assertTrue(run.text().contains("  health: " + health.word() + "\n"), run.text());
    JsonNode json = new ObjectMapper().readTree(run.json()).path("sites").path(0);
    assertEquals(health.word(), json.path("health").asText(), run.json());
    assertEquals(health.word(), json.path("groups").path(0).path("health").asText(), run.json());
    for (String text : texts) {
      assertTrue(run.text().contains(text), text + " is not in\n" + run.text());
    }
    assertEquals(health == Health.HEALTHY ? OK : NOT_HEALTHY, run.exitCode());
    assertEquals(
        health == Health.HEALTHY, json.path("groups").path(0).path("why").asText().isEmpty());
  }

  @Test
  void healthyAtBothSitesAndTheInsecureLinkSaysWhatSentMeans() throws IOException {
    begin(Beyond.BLOCK);
    write(20);
    becomes(west, Health.HEALTHY);
    becomes(east, Health.HEALTHY);
    seen(west, Health.HEALTHY, "role: primary", "link:up", "sent-means:left-the-host");
    seen(east, Health.HEALTHY, "role: mirror", "replication:streaming");
    west.kernelIsSilent();
    seen(west, Health.HEALTHY, "sent-means:given-to-our-kernel");
  }

  @Test
  void startingUntilTheMirrorHasBeenAsked() throws IOException {
    begin(Beyond.BLOCK);
    write(5);
    pair.west.kill();
    pair.east.kill();
    pair.west.start();
    pair.step();
    seen(west, Health.STARTING, "role: starting", "waiting for east");
  }

  @Test
  void catchingUpWhenConnectedAndBehind() throws IOException {
    begin(Beyond.BLOCK);
    write(5);
    becomes(west, Health.HEALTHY);
    LinkConditions slow = LinkConditions.PERFECT.withDelay(3 * SECOND);
    pair.network.path("west", "east").change(slow);
    pair.network.path("east", "west").change(slow);
    submit();
    becomes(west, Health.CATCHING_UP);
    seen(west, Health.CATCHING_UP, "the mirror is 5", "link:up", "at-risk: bytes:");
  }

  @Test
  void disconnectedAtBothSitesAndBlockedBeyondTheRisk() throws IOException {
    begin(Beyond.BLOCK);
    write(5);
    becomes(west, Health.HEALTHY);
    pair.network.partition("west", "east");
    becomes(west, Health.DISCONNECTED);
    becomes(east, Health.DISCONNECTED);
    seen(west, Health.DISCONNECTED, "link:down", "east does not answer", "note: link: ");
    seen(east, Health.DISCONNECTED, "link:down", "take over: mirror-agent promote demo");
    submit();
    becomes(west, Health.BLOCKED);
    seen(west, Health.BLOCKED, "max-at-risk", "action: bring east or the link back");
  }

  @Test
  void degradedWhenTheOperatorChoseThat() throws IOException {
    begin(Beyond.DEGRADE);
    write(5);
    pair.network.partition("west", "east");
    submit();
    becomes(west, Health.DEGRADED);
    seen(west, Health.DEGRADED, "less than was promised", "at-risk: bytes:");
  }

  @Test
  void warnedOfTheQuotaThenUnprotected() throws IOException {
    begin(risk(Beyond.DEGRADE, OnQuota.DETACH_MIRROR, 6 << 20), "6MiB");
    write(5);
    becomes(west, Health.HEALTHY);
    pair.network.partition("west", "east");
    becomes(west, Health.DISCONNECTED);
    pair.await("quota warning", this::writesOnUntilWarned);
    seen(west, west.health(), "of its quota");
    pair.await("detached", () -> writesOnUntil(Health.UNPROTECTED));
    seen(west, Health.UNPROTECTED, "was detached", "replication:detached", "bring east back");
  }

  private boolean writesOnUntilWarned() {
    write(1);
    return west.group().verdict().why().contains("of its quota");
  }

  private boolean writesOnUntil(Health health) {
    submit();
    return west.health() == health;
  }

  @Test
  void blockedByTheQuota() throws IOException {
    begin(risk(Beyond.DEGRADE, OnQuota.BLOCK, 6 << 20), "6MiB");
    pair.network.partition("west", "east");
    pair.await("blocked", () -> writesOnUntil(Health.BLOCKED));
    seen(west, Health.BLOCKED, "reached its quota", "on-quota:detach-mirror");
  }

  @Test
  void fillingAtBothSitesFromBeginningToEnd() throws IOException {
    begin(risk(Beyond.DEGRADE, OnQuota.DETACH_MIRROR, 1L << 30), "1GiB");
    wipeMirror();
    becomes(west, Health.FILLING);
    pair.await("a copy at both", () -> east.group().flow().copy().isPresent());
    pair.await("some of it", () -> east.group().flow().copy().get().doneBytes() > 0);
    seen(west, Health.FILLING, "copy: done:", "replication:filling", "until east has been copied");
    seen(east, Health.FILLING, "copy: done:", "of:1MiB");
    Set<Health> shown = EnumSet.noneOf(Health.class);
    pair.await(
        "the end of the fill",
        () -> {
          submit();
          shown.add(west.health());
          return west.group().flow().copy().isEmpty();
        });
    shown.remove(Health.DEGRADED);
    assertEquals(EnumSet.of(Health.FILLING), shown, "until the mirror holds everything");
    becomes(west, Health.HEALTHY);
    becomes(east, Health.HEALTHY);
  }

  @Test
  void aFillThatLostItsMirrorIsUnprotectedAndKeepsItsProgress() throws IOException {
    begin(Beyond.DEGRADE);
    wipeMirror();
    pair.await(
        "some of it", () -> west.group().flow().copy().map(c -> c.doneBytes() > 0).orElse(false));
    pair.network.partition("west", "east");
    becomes(west, Health.UNPROTECTED);
    seen(west, Health.UNPROTECTED, "east has to be filled anew", "copy: done:", "link:down");
  }

  @Test
  void blockedUntilFilled() throws IOException {
    begin(risk(Beyond.BLOCK, OnQuota.BLOCK, 1L << 30), "1GiB");
    wipeMirror();
    becomes(west, Health.BLOCKED);
    seen(west, Health.BLOCKED, "until east has been copied anew");
  }

  private void wipeMirror() throws IOException {
    write(800);
    pair.pass(SECOND);
    pair.east.kill();
    pair.east.wipe();
    pair.east.start();
  }

  @Test
  void shortOfSpaceBeforeAWriteIsRefused() throws IOException {
    begin(Beyond.BLOCK);
    write(5);
    becomes(west, Health.HEALTHY);
    west.free(512 << 10);
    seen(west, Health.SHORT_OF_SPACE, "512KiB are free", "action: make room");
  }

  @Test
  void aFoldThatStandsStillSaysWhy() throws IOException {
    begin(Beyond.BLOCK);
    write(20);
    becomes(west, Health.HEALTHY);
    PinnedView pin = pair.west.node().store().orElseThrow().pin();
    write(400);
    becomes(west, Health.HEALTHY);
    // More than the log has in memory, and nobody gives back what the disk refuses.
    pair.network.partition("west", "east");
    pair.west.faults().failFrom(EnumSet.of(Call.READ), 1);
    pin.close();
    becomes(west, Health.STALLED);
    seen(
        west,
        Health.STALLED,
        "cannot be moved from the log into the base images",
        "mirror at east");
    pair.west.faults().heal();
    pair.network.heal("west", "east");
    becomes(west, Health.HEALTHY);
  }

  @Test
  void failedWhenTheLogHasFailed() throws IOException {
    begin(Beyond.BLOCK);
    write(5);
    pair.west.faults().failOnce(EnumSet.of(Call.FORCE), 1);
    pair.await("failed", () -> writesOnUntil(Health.FAILED));
    seen(west, Health.FAILED, "the store has failed", "mirror-agent promote demo", "role: primary");
  }

  @Test
  void fencedUntilTheLogsAreJoinedAndTheDivergentTailIsNamed() throws IOException {
    begin(Beyond.BLOCK);
    write(20);
    becomes(west, Health.HEALTHY);
    pair.network.partition("west", "east");
    write(5);
    pair.pass(3 * SECOND);
    assertEquals(Optional.empty(), pair.east.node().promote(true));
    becomes(east, Health.STARTING);
    seen(east, Health.STARTING, "this site is taking over");
    pair.await("leads", () -> pair.east.node().administration().isPresent());
    pair.network.heal("west", "east");
    becomes(west, Health.FENCED);
    pair.network.partition("west", "east");
    pair.pass(5 * SECOND);
    seen(
        west,
        Health.FENCED,
        "another site leads in epoch 2.2.0",
        "serves no writes",
        "role: mirror");
    pair.west.powerCut();
    pair.west.start();
    seen(west, Health.FENCED, "see whether east is up");
    pair.network.heal("west", "east");
    becomes(west, Health.HEALTHY);
    seen(west, Health.HEALTHY, "note: set aside, and in no volume", "divergent-1.1.0-");
    becomes(east, Health.HEALTHY);
    assertFalse(east.group().holding().notes().stream().anyMatch(n -> n.contains("set aside")));
  }

  @Test
  void refusesToServeWhenItsDiskLostWhatTheMirrorHasFolded() throws IOException {
    begin(Beyond.BLOCK);
    write(20);
    becomes(west, Health.HEALTHY);
    pair.west.faults().lie(true);
    write(800);
    pair.pass(2 * SECOND);
    pair.west.harshPowerCut();
    pair.west.start();
    becomes(west, Health.FAILED);
    seen(west, Health.FAILED, "refuses to serve", "promote the mirror at east", "role: primary");
    assertTrue(west.group().holding().volumes().stream().allMatch(v -> v.addresses().isEmpty()));
  }
}

package dev.farshore.agent.mirror;

import static dev.farshore.agent.mirror.SimulatedPair.MILLIS;
import static dev.farshore.agent.mirror.SimulatedPair.SECOND;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.agent.mirror.GroupSettings.Beyond;
import dev.farshore.agent.mirror.GroupSettings.OnQuota;
import dev.farshore.agent.mirror.GroupSettings.RiskLimits;
import dev.farshore.agent.mirror.SimulatedPair.Awaited;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.group.PinnedView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * What a mirror and its primary both hold stays at the mirror when base images replace the rest.
 */
final class FillFloorTest {
  private static final int BLOCKS = SimulatedPair.VOLUME_BYTES / 4096;
  private static final int SHARED = 40;

  private final SimulatedPair pair =
      new SimulatedPair(
          new SyncMode.Network(2),
          new RiskLimits(64 << 20, 300 * SECOND, Beyond.BLOCK, 3L << 20, OnQuota.DETACH_MIRROR),
          MILLIS / 2);

  private static GroupStore store(SimulatedSite site) {
    return site.node().store().orElseThrow();
  }

  private void write(SimulatedSite site, int from, int to) {
    List<Awaited> replies = new ArrayList<>();
    for (int i = from; i < to; i++) {
      replies.add(pair.submitWrite(site, i % BLOCKS * 4096L, i + 1));
    }
    for (Awaited reply : replies) {
      pair.await("reply", () -> reply.done);
      assertEquals("", reply.failure);
    }
  }

  /**
   * The west goes on alone until it has folded and freed what only it holds; the east, which has
   * folded nothing of what they share, is made to lead.
   *
   * @return the last LSN that both hold
   */
  private long part(PinnedView[] pin) throws IOException {
    pair.startWithVolume();
    pair.pass(SECOND);
    pin[0] = store(pair.east).pin();
    write(pair.west, 0, SHARED);
    pair.await("both", () -> store(pair.east).log().forced() == store(pair.west).log().forced());
    long shared = store(pair.east).log().forced();
    pair.network.partition("west", "east");
    write(pair.west, SHARED, 1200);
    pair.await("folded", () -> store(pair.west).folded().lsn() > shared);
    assertEquals(Optional.empty(), pair.east.node().promote(true));
    pair.await("leads", () -> pair.east.node().administration().isPresent());
    return shared;
  }

  @Test
  void imagesAreFoldedUpToWhatBothHoldBeforeTheyReplaceAnything() throws IOException {
    PinnedView[] pin = new PinnedView[1];
    long shared = part(pin);
    pair.network.heal("west", "east");
    pair.await(
        "folding", () -> pair.east.node().snapshot(pair.now()).linkState() == LinkState.FOLDING);
    pair.pass(5 * SECOND);
    assertTrue(store(pair.east).folded().lsn() < shared, "the pinned view holds the fold back");
    assertNotEquals(
        store(pair.east).log().last().epoch(), store(pair.west).log().last().epoch(), "replaced");
    pin[0].close();
    pair.await("replaced", this::westIsFilled);
    assertTrue(store(pair.west).log().last().lsn() >= shared, "what both held has gone");
    pair.east.kill();
    assertEquals(Optional.empty(), pair.west.node().promote(true));
    pair.await("leads", () -> pair.west.node().administration().isPresent());
    for (int i = 0; i < SHARED; i++) {
      assertEquals(i + 1, pair.read(pair.west, i * 4096L));
    }
  }

  private boolean westIsFilled() {
    GroupSnapshot now = pair.west.node().snapshot(pair.now());
    return !(now.standing() instanceof Standing.Fenced);
  }

  /** The mirror keeps all that it has until the images are whole, and can be made to lead. */
  @Test
  void aMirrorThatWaitsForAFillCanLeadWithWhatItHas() throws IOException {
    PinnedView[] pin = new PinnedView[1];
    part(pin);
    long end = store(pair.west).log().last().lsn();
    pair.network.heal("west", "east");
    pair.await(
        "folding", () -> pair.east.node().snapshot(pair.now()).linkState() == LinkState.FOLDING);
    pair.east.kill();
    pair.pass(3 * SECOND);
    assertFalse(westIsFilled());
    assertEquals(Optional.empty(), pair.west.node().promote(true));
    pair.await("leads", () -> pair.west.node().administration().isPresent());
    assertTrue(store(pair.west).log().last().lsn() >= end);
    assertEquals(1200, pair.read(pair.west, 1199 % BLOCKS * 4096L));
  }

  /** Images that were pinned for an empty disk hold too little for the old one, put in again. */
  @Test
  void imagesThatHoldTooLittleForAnotherStateOfTheMirrorAreLetGoOf() throws IOException {
    pair.startWithVolume();
    write(pair.west, 0, SHARED);
    GroupStore store = store(pair.west);
    LeadershipInMemory leadership = new LeadershipInMemory();
    MirrorAccount account =
        new MirrorAccount(
            pair.west.node().settings(),
            store,
            new GroupLeadership(leadership, () -> Leadership.initial(Role.PRIMARY, 7, 1)));
    account.needsFill("it is empty", 0);
    account.begin(Optional.empty());
    long pinned = account.images().orElseThrow().at().lsn();
    account.needsFill("it has been there before", pinned);
    assertEquals(pinned, account.images().orElseThrow().at().lsn());
    account.needsFill("it has another disk", pinned + 1);
    assertEquals(Optional.empty(), account.images());
    assertFalse(account.mayFill());
    assertEquals(pinned + 1, account.foldLimit());
    assertEquals(1, account.neededFrom());
  }

  /** A leadership that no restart has to find again. */
  private static final class LeadershipInMemory implements LeadershipStore {
    private Optional<Leadership> written = Optional.empty();

    @Override
    public Optional<Leadership> read() {
      return written;
    }

    @Override
    public void write(Leadership now) {
      written = Optional.of(now);
    }
  }
}

package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.control.ControlMessage.Hello;
import dev.farshore.agent.mirror.control.ControlMessage.SwitchoverFailed;
import dev.farshore.appliance.export.Export;
import dev.farshore.appliance.export.Export.Failure;
import dev.farshore.appliance.volume.AckGate;
import dev.farshore.appliance.volume.GroupVolumes;
import dev.farshore.appliance.volume.Watermarks;
import dev.farshore.appliance.volume.WriteAdmission;
import dev.farshore.log.disk.DiskFullException;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The role of the site that leads a group: makes sure that it may serve, serves, mirrors, and gives
 * way. Owned by the group's thread.
 *
 * <p>A start goes through {@link LeadPhase#STARTING}: until the mirror has been asked, this log may
 * lack records that were sent and not forced here, and their LSNs must not be used again.
 */
final class Primary implements GroupRole, PeerOwner {
  private static final Logger LOG = LoggerFactory.getLogger(Primary.class);

  private final GroupSettings settings;
  private final GroupStore store;
  private final GroupLeadership leadership;
  private final NodePorts ports;
  private final Protection protection;
  private final AckGate gate;
  private final GroupVolumes volumes;
  private final Optional<MirrorPeer> peer;
  private final MirrorAccount mirror;
  private final StartWait startWait;

  private LeadPhase phase;
  private String refusal = "";
  private Optional<HandOver> handOver = Optional.empty();
  private long riskDeadlineNanos = Long.MAX_VALUE;

  /**
   * @param atOnce whether nobody can hold what this site lost: an operator has just made it lead,
   *     or it has the group for the first time. A log that is merely empty may have lost
   *     everything.
   */
  Primary(
      GroupSettings settings,
      GroupStore store,
      GroupLeadership leadership,
      NodePorts ports,
      boolean atOnce,
      long nowNanos) {
    this.settings = settings;
    this.store = store;
    this.leadership = leadership;
    this.ports = ports;
    this.protection = new Protection(settings.mode(), settings.risk());
    this.gate = new AckGate(protection);
    this.volumes = new GroupVolumes(store, this::admit, gate, ports.wallMillis(), ports.wake());
    this.mirror = new MirrorAccount(settings, store, leadership);
    this.phase = settings.peer().isEmpty() || atOnce ? LeadPhase.FORCING : LeadPhase.STARTING;
    this.startWait = new StartWait(settings.startWaitNanos(), store.log().last().lsn(), nowNanos);
    store.log().requestForce();
    this.peer = settings.peer().map(address -> new MirrorPeer(store, this, ports, address));
  }

  @Override
  public boolean poll(long nowNanos) {
    if (phase == LeadPhase.REGRESSED) {
      return false;
    }
    boolean more = peer.isPresent() && peer.get().poll(nowNanos);
    volumes.lostLsn().ifPresent(this::answerReads);
    if (store.failure().isPresent()) {
      fail(store.failure().get());
      return false;
    }
    advancePhase(nowNanos);
    if (serves()) {
      serve(nowNanos);
    }
    return more;
  }

  /** Reads wait for a record that the disk has lost as long as the mirror may give it back. */
  private void answerReads(long lostLsn) {
    if (peer.isPresent() && peer.get().isMended(lostLsn)) {
      volumes.readAgain();
    } else if (peer.isEmpty() || !peer.get().mayMend(lostLsn)) {
      volumes.giveUpReads();
    }
  }

  private boolean serves() {
    return phase == LeadPhase.SERVING || phase == LeadPhase.HANDING_OVER;
  }

  private void advancePhase(long nowNanos) {
    if (phase == LeadPhase.STARTING) {
      waitForMirror(nowNanos);
    }
    if (phase == LeadPhase.FORCING && store.log().forced() == store.log().last().lsn()) {
      beginServing();
    }
  }

  private void waitForMirror(long nowNanos) {
    if (!mirrorAnswers() && startWait.isOver(lastLsn(), nowNanos)) {
      LOG.warn(
          "group {}: no mirror answered within the start wait; opening a new epoch",
          settings.name());
      leadership.write(leadership.now().leading(leadership.now().leads().restarted()));
      phase = LeadPhase.FORCING;
      peer.ifPresent(p -> p.close("this site begins another epoch"));
    }
  }

  private boolean mirrorAnswers() {
    return peer.map(MirrorPeer::answers).orElse(false);
  }

  /**
   * What came of an append that was not given back whole is of no use, and nothing may follow it.
   */
  @Override
  public void onPullBroken() throws IOException {
    store.cut(store.log().last().lsn(), "incomplete-" + store.log().last().epoch());
  }

  /**
   * The mirror had forced records of this very epoch that it has folded already, and this site has
   * lost them: its disk, or whoever put it back, lied. What it holds may not be served, and the
   * mirror's may not be replaced by it.
   */
  @Override
  public void onRegressed(String reason) {
    LOG.error("group {}: {}", settings.name(), reason);
    refusal = reason;
    phase = LeadPhase.REGRESSED;
    volumes.giveUpReads();
    volumes.admissionChanged();
  }

  private void beginServing() {
    Epoch epoch = leadership.now().leads();
    Epoch last = store.log().last().epoch();
    if (!last.equals(epoch) && !append(new Change.EpochStart(last))) {
      return;
    }
    if (store.inDegradedSpan()) {
      protection.resumeSpan();
    }
    phase = LeadPhase.SERVING;
    LOG.info("group {}: serving in epoch {} from lsn {}", settings.name(), epoch, lastLsn());
    volumes.admissionChanged();
  }

  private void serve(long nowNanos) {
    peer.flatMap(MirrorPeer::session).ifPresent(mirror::follow);
    mirror.observe(nowNanos);
    if (mirror.mustBeDetached()) {
      mirror.detach();
      peer.ifPresent(p -> p.close("the log kept for the mirror reached its quota"));
    }
    store.allowFold(mirror.foldLimit());
    store.retainFrom(mirror.neededFrom());
    if (settings.peer().isPresent()) {
      protect(nowNanos);
    }
    riskDeadlineNanos = mirror.lag().deadlineNanos(settings.risk().maxAtRiskNanos(), nowNanos);
    gate.advance(watermarks());
    if (phase == LeadPhase.HANDING_OVER) {
      continueHandOver(nowNanos);
    } else {
      volumes.admissionChanged();
    }
  }

  private void protect(long nowNanos) {
    Optional<MirrorSession> session = peer.flatMap(MirrorPeer::session);
    boolean caughtUp = session.isPresent() && session.get().caughtUp();
    protection.observe(mirror.view(caughtUp, nowNanos), watermarks());
    if (protection.wantsDegradedMark() && append(new Change.DegradedSpan(false))) {
      protection.degradedMark(lastLsn());
      store.log().requestForce();
      LOG.warn("group {}: degraded from lsn {} on", settings.name(), lastLsn());
    } else if (protection.wantsRestoredMark() && append(new Change.DegradedSpan(true))) {
      protection.restoredMark();
      LOG.info("group {}: the mode's promise holds again from lsn {}", settings.name(), lastLsn());
    }
  }

  /** Appends a record of its own; false if it has to wait for room, or for ever. */
  private boolean append(Change change) {
    try {
      store.append(List.of(change), leadership.now().leads(), ports.wallMillis().getAsLong());
      return true;
    } catch (DiskFullException full) {
      return false;
    } catch (IOException e) {
      fail(e);
      return false;
    }
  }

  private WriteAdmission.Verdict admit(long bytes) {
    return switch (phase) {
      case SERVING ->
          protection.blocking()
              ? new WriteAdmission.Held()
              : new WriteAdmission.Granted(leadership.now().leads());
      case STARTING, FORCING, HANDING_OVER -> new WriteAdmission.Held();
      case FENCED ->
          new WriteAdmission.Refused(Failure.SHUTTING_DOWN, "another site leads this group");
      case CLOSED -> new WriteAdmission.Refused(Failure.SHUTTING_DOWN, "the group is closing");
      case REGRESSED -> new WriteAdmission.Refused(Failure.IO, "this site has lost records");
      case FAILED -> new WriteAdmission.Refused(Failure.IO, "this site's store has failed");
    };
  }

  private void continueHandOver(long nowNanos) {
    HandOver under = handOver.orElseThrow();
    switch (under.poll(
        peer.flatMap(MirrorPeer::channel), mirror.mirroredLsn(), gate.waiting(), nowNanos)) {
      case WAITING -> {}
      case GIVEN_UP -> {
        phase = LeadPhase.SERVING;
        LOG.warn("group {}: the switchover was given up", settings.name());
      }
      case DONE -> {
        phase = LeadPhase.FENCED;
        LOG.info(
            "group {}: handed over at lsn {} to epoch {}", settings.name(), lastLsn(), under.to());
      }
    }
  }

  @Override
  public MirrorSession openSession(ControlChannel channel, Optional<Long> fromLsn) {
    long from = mirror.begin(fromLsn);
    int level = settings.mode() instanceof SyncMode.Network network ? network.level() : 0;
    return new MirrorSession(
        store,
        channel,
        new LinkRoute(ports.sessions(), settings.peer().orElseThrow(), settings.link()),
        level,
        from,
        mirror.images());
  }

  @Override
  public Hello hello() {
    Leadership now = leadership.now();
    return new Hello(
        now.groupId(), settings.name(), settings.site(), now.leads(), store.log().last());
  }

  @Override
  public boolean mayPullTail() {
    return phase == LeadPhase.STARTING;
  }

  @Override
  public void onAgreed() {
    if (phase == LeadPhase.STARTING) {
      store.log().requestForce();
      phase = LeadPhase.FORCING;
    }
  }

  @Override
  public void onFillNeeded(String reason, long sharedLsn) {
    mirror.needsFill(reason, sharedLsn);
  }

  @Override
  public boolean mayFill() {
    return mirror.mayFill();
  }

  @Override
  public Optional<Long> lostLsn() {
    return volumes.lostLsn();
  }

  @Override
  public void onMirrorFolded(long lsn) {
    mirror.folded(lsn);
  }

  @Override
  public void onFenced(Epoch promised) {
    if (promised.compareTo(leadership.now().leads()) <= 0) {
      LOG.error(
          "group {}: the mirror refuses this epoch for {}, which is no higher",
          settings.name(),
          promised);
      return;
    }
    LOG.error("group {}: fenced, epoch {} exists", settings.name(), promised);
    leadership.write(leadership.now().following(leadership.now().groupId(), promised));
    phase = LeadPhase.FENCED;
  }

  @Override
  public void onSwitchoverRequest(Epoch epoch) {
    if (phase == LeadPhase.SERVING && epoch.compareTo(leadership.now().leads()) > 0) {
      phase = LeadPhase.HANDING_OVER;
      handOver =
          Optional.of(new HandOver(store.log(), leadership, epoch, ports.clock().nanoTime()));
    } else {
      peer.flatMap(MirrorPeer::channel)
          .ifPresent(c -> c.send(new SwitchoverFailed("the primary is " + phase)));
    }
  }

  private void fail(IOException failure) {
    if (phase != LeadPhase.FAILED) {
      LOG.error("group {}: the store failed: {}", settings.name(), failure.toString());
      phase = LeadPhase.FAILED;
      gate.failAll(Failure.IO, "this site's store has failed");
      volumes.giveUpReads();
      volumes.admissionChanged();
    }
  }

  private long lastLsn() {
    return store.log().last().lsn();
  }

  /** Calls back when {@code lsn} is forced and acknowledgeable. */
  void awaitForced(long lsn, VolumeAdministration.Outcome outcome) {
    gate.await(
        lsn,
        true,
        new Export.Reply() {
          @Override
          public void done() {
            outcome.done();
          }

          @Override
          public void failed(Failure failure, String reason) {
            outcome.failed(reason);
          }
        });
  }

  Epoch epoch() {
    return leadership.now().leads();
  }

  LeadPhase phase() {
    return phase;
  }

  /** Why it serves nothing although its store is sound; empty text if there is nothing. */
  String refusal() {
    return refusal;
  }

  Protection protection() {
    return protection;
  }

  GroupVolumes volumes() {
    return volumes;
  }

  MirrorAccount mirror() {
    return mirror;
  }

  /** How far the log has come, here and there. */
  Watermarks watermarks() {
    return mirror.watermarks();
  }

  Optional<MirrorPeer> peer() {
    return peer;
  }

  @Override
  public long nextDeadlineNanos() {
    if (phase == LeadPhase.REGRESSED) {
      return Long.MAX_VALUE;
    }
    long deadline = peer.map(MirrorPeer::nextDeadlineNanos).orElse(Long.MAX_VALUE);
    if (phase == LeadPhase.STARTING && !mirrorAnswers()) {
      deadline = Math.min(deadline, startWait.deadlineNanos());
    } else if (phase == LeadPhase.HANDING_OVER) {
      deadline = Math.min(deadline, handOver.orElseThrow().deadlineNanos());
    }
    return serves() ? Math.min(deadline, riskDeadlineNanos) : deadline;
  }

  @Override
  public void close(String reason) {
    if (phase != LeadPhase.FENCED && phase != LeadPhase.FAILED) {
      phase = LeadPhase.CLOSED;
    }
    gate.failAll(Failure.SHUTTING_DOWN, reason);
    volumes.giveUpReads();
    volumes.admissionChanged();
    peer.ifPresent(p -> p.close(reason));
    mirror.close();
  }
}

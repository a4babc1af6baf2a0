package dev.farshore.agent.mirror;

import dev.farshore.appliance.volume.Watermarks;
import dev.farshore.link.session.LinkReceiver;
import dev.farshore.link.session.LinkSender;
import dev.farshore.link.session.LinkStatistics;
import dev.farshore.log.RecoveryReport;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.group.VolumeInfo;
import java.util.List;
import java.util.Optional;

/**
 * A group at one site as it stands at one moment.
 *
 * @param standing what this site does for the group
 * @param linkState of the conversation with the peer
 * @param linkProblem why there is no session, for people; empty text if there is one
 * @param lagBytes bytes that the mirror has not confirmed (a primary's view)
 * @param lagNanos age of the oldest of them
 * @param hold why writers wait; empty if they do not
 * @param degraded replies promise less than the mode says
 * @param needsFill the mirror's state is of no use until it has been filled
 * @param fill how far a fill is; empty if there is none. At a primary it lasts until the mirror has
 *     said that it holds everything, also while the mirror is away
 * @param primaryAppended for a mirror: where the primary said that its log ends
 * @param promotion step of a promotion that is under way or failed; empty if there is none
 * @param repair how the fetching of records stands that this site's disk has lost
 * @param lostLsn a record that this site needs, and that its disk has lost; empty if there is none
 * @param trouble why nothing is served that could not be vouched for; empty if all is sound
 */
public record GroupSnapshot(
    GroupSettings settings,
    Leadership leadership,
    Standing standing,
    LinkState linkState,
    String linkProblem,
    Watermarks watermarks,
    long lagBytes,
    long lagNanos,
    Optional<Hold> hold,
    boolean degraded,
    boolean needsFill,
    Optional<Fill> fill,
    long primaryAppended,
    Optional<PromotionState> promotion,
    Optional<LinkStatistics> link,
    long roundTripNanos,
    List<VolumeInfo> volumes,
    long retainedBytes,
    long folded,
    Optional<RecoveryReport> recovery,
    LogRepair.State repair,
    Optional<Long> lostLsn,
    Optional<Trouble> trouble) {

  /** Bytes of the base images that are sent or known to be holes, and all of them. */
  public record Fill(long doneBytes, long totalBytes) {}

  /**
   * Where a promotion stands.
   *
   * @param failure why it failed, for people; empty text unless it did
   */
  public record PromotionState(PromotionStep step, String failure) {}

  /** Whether writers wait. */
  public boolean blocking() {
    return hold.isPresent();
  }

  static GroupSnapshot of(
      GroupSettings settings,
      Leadership leadership,
      Optional<GroupStore> store,
      Optional<GroupRole> role,
      long nowNanos) {
    Builder builder = new Builder(settings, leadership, standing(leadership, role));
    store.ifPresent(builder::store);
    switch (role.orElse(null)) {
      case Primary primary -> primary(builder, primary, nowNanos);
      case Mirror mirror -> mirror(builder, mirror, store.orElseThrow());
      case null -> {}
    }
    return builder.build();
  }

  /** What is durable of the leadership, and the role that follows from it. */
  private static Standing standing(Leadership leadership, Optional<GroupRole> role) {
    return switch (role.orElse(null)) {
      case Primary primary when primary.phase() == LeadPhase.FENCED ->
          new Standing.Fenced(leadership.promised());
      case Primary primary -> new Standing.Leading(primary.phase());
      case Mirror mirror when leadership.fenced() && leadership.promotingTo().counter() == 0 ->
          new Standing.Fenced(leadership.promised());
      case Mirror mirror -> new Standing.Following();
      case null -> new Standing.Empty();
    };
  }

  private static void primary(Builder builder, Primary primary, long nowNanos) {
    builder.watermarks = primary.watermarks();
    builder.lagBytes = primary.mirror().lag().bytes();
    builder.lagNanos = primary.mirror().lag().nanos(nowNanos);
    builder.hold = primary.protection().hold();
    builder.degraded = primary.protection().state() != Protection.State.KEPT;
    builder.needsFill = primary.mirror().needsFill();
    builder.fill = primary.mirror().fill();
    builder.refusal = primary.refusal();
    primary.peer().ifPresent(peer -> peer(builder, peer));
  }

  private static void peer(Builder builder, MirrorPeer peer) {
    builder.linkState = peer.state();
    builder.linkProblem = peer.session().isPresent() ? "" : peer.lastProblem();
    builder.repair = peer.repair();
    builder.lostLsn = peer.lostLsn();
    peer.session()
        .flatMap(MirrorSession::sender)
        .ifPresent(
            sender -> {
              LinkSender link = sender.link();
              builder.link = Optional.of(link.statistics());
              builder.roundTripNanos = link.roundTripNanos();
            });
  }

  private static void mirror(Builder builder, Mirror mirror, GroupStore store) {
    long received = store.log().last().lsn();
    long forced = store.log().forced();
    builder.watermarks = new Watermarks(store.log().appended(), forced, 0, 0, received, forced);
    builder.linkState = linkState(mirror);
    builder.linkProblem = mirror.channel().isPresent() ? "" : "no primary is connected";
    builder.primaryAppended = mirror.primaryAppended();
    builder.promotion = mirror.promotion().map(p -> new PromotionState(p.step(), p.failure()));
    builder.fill =
        mirror
            .receiver()
            .flatMap(MirrorReceiver::fill)
            .map(f -> new Fill(f.doneBytes(), f.totalBytes()));
    builder.needsFill = builder.fill.isPresent();
    builder.repair = mirror.answers().repair();
    builder.lostLsn = mirror.answers().lostLsn();
    builder.link = mirror.receiver().flatMap(MirrorReceiver::link).map(LinkReceiver::statistics);
  }

  /** A session that outlives its channel brings what was in flight; nobody answers any more. */
  private static LinkState linkState(Mirror mirror) {
    if (mirror.channel().isEmpty()) {
      return LinkState.DISCONNECTED;
    }
    boolean open = mirror.receiver().flatMap(MirrorReceiver::link).isPresent();
    return open ? LinkState.STREAMING : LinkState.COMPARING;
  }

  /** Gathers what one role or the other knows. */
  private static final class Builder {
    private final GroupSettings settings;
    private final Leadership leadership;
    private final Standing standing;
    private LinkState linkState = LinkState.NONE;
    private String linkProblem = "";
    private Watermarks watermarks = Watermarks.NONE;
    private long lagBytes;
    private long lagNanos;
    private Optional<Hold> hold = Optional.empty();
    private boolean degraded;
    private boolean needsFill;
    private String refusal = "";
    private Optional<Fill> fill = Optional.empty();
    private long primaryAppended;
    private Optional<PromotionState> promotion = Optional.empty();
    private Optional<LinkStatistics> link = Optional.empty();
    private long roundTripNanos;
    private LogRepair.State repair = LogRepair.State.IDLE;
    private Optional<Long> lostLsn = Optional.empty();
    private Optional<GroupStore> store = Optional.empty();

    Builder(GroupSettings settings, Leadership leadership, Standing standing) {
      this.settings = settings;
      this.leadership = leadership;
      this.standing = standing;
    }

    void store(GroupStore open) {
      store = Optional.of(open);
    }

    /** A store that failed is told of first: what the log lacks is then not known. */
    private Optional<Trouble> trouble() {
      Optional<Trouble> failed =
          store
              .flatMap(GroupStore::failure)
              .map(cause -> new Trouble.StoreFailed(String.valueOf(cause.getMessage())));
      return failed.isPresent() || refusal.isEmpty()
          ? failed
          : Optional.of(new Trouble.RecordsLost(refusal));
    }

    GroupSnapshot build() {
      return new GroupSnapshot(
          settings,
          leadership,
          standing,
          linkState,
          linkProblem,
          watermarks,
          lagBytes,
          lagNanos,
          hold,
          degraded,
          needsFill,
          fill,
          primaryAppended,
          promotion,
          link,
          roundTripNanos,
          store.map(GroupStore::volumes).orElse(List.of()),
          store.map(s -> s.log().retainedBytes()).orElse(0L),
          store.map(s -> s.folded().lsn()).orElse(0L),
          store.map(s -> s.log().recovery()),
          repair,
          lostLsn,
          trouble());
    }
  }
}

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
 * @param phase what the role is doing, in one word
 * @param linkState state of the conversation with the peer, in one word
 * @param linkProblem why there is no session; empty text if there is one
 * @param lagBytes bytes that the mirror has not confirmed (a primary's view)
 * @param lagNanos age of the oldest of them
 * @param blocking writers wait because more may not be left unconfirmed
 * @param degraded replies promise less than the mode says
 * @param needsFill the mirror's state is of no use until it has been filled
 * @param fill how far a fill is; empty if there is none
 * @param primaryAppended for a mirror: where the primary said that its log ends
 * @param promotion step of a promotion that is under way or failed; empty if there is none
 * @param failure why the store takes no more changes, or holds what must not be served
 */
public record GroupSnapshot(
    GroupSettings settings,
    Leadership leadership,
    String phase,
    String linkState,
    String linkProblem,
    Watermarks watermarks,
    long lagBytes,
    long lagNanos,
    boolean blocking,
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
    Optional<String> failure) {

  /** Bytes of the base images that are sent or known to be holes, and all of them. */
  public record Fill(long doneBytes, long totalBytes) {}

  /** Where a promotion stands. */
  public record PromotionState(String step, String failure) {}

  static GroupSnapshot of(
      GroupSettings settings,
      Leadership leadership,
      Optional<GroupStore> store,
      Optional<GroupRole> role,
      long nowNanos) {
    return switch (role.orElse(null)) {
      case Primary primary ->
          ofPrimary(settings, leadership, store.orElseThrow(), primary, nowNanos);
      case Mirror mirror -> ofMirror(settings, leadership, store.orElseThrow(), mirror, nowNanos);
      case null -> new Builder(settings, leadership, "empty").build();
    };
  }

  private static GroupSnapshot ofPrimary(
      GroupSettings settings,
      Leadership leadership,
      GroupStore store,
      Primary primary,
      long nowNanos) {
    Builder builder = new Builder(settings, leadership, word(primary.phase())).store(store);
    builder.watermarks = primary.watermarks();
    builder.lagBytes = primary.mirror().lag().bytes();
    builder.lagNanos = primary.mirror().lag().nanos(nowNanos);
    builder.blocking = primary.protection().blocking();
    builder.degraded = primary.protection().state() != Protection.State.KEPT;
    builder.needsFill = primary.mirror().needsFill();
    builder.refusal = primary.refusal();
    primary.peer().ifPresent(peer -> peer(builder, peer));
    return builder.build();
  }

  private static void peer(Builder builder, MirrorPeer peer) {
    builder.linkState = word(peer.state());
    builder.linkProblem = peer.session().isPresent() ? "" : peer.lastProblem();
    peer.session()
        .flatMap(MirrorSession::sender)
        .ifPresent(
            sender -> {
              LinkSender link = sender.link();
              builder.link = Optional.of(link.statistics());
              builder.roundTripNanos = link.roundTripNanos();
              builder.fill = sender.fill().map(f -> new Fill(f.doneBytes(), f.totalBytes()));
            });
  }

  private static GroupSnapshot ofMirror(
      GroupSettings settings,
      Leadership leadership,
      GroupStore store,
      Mirror mirror,
      long nowNanos) {
    Builder builder = new Builder(settings, leadership, "following").store(store);
    long received = store.log().last().lsn();
    long forced = store.log().forced();
    builder.watermarks = new Watermarks(store.log().appended(), forced, 0, 0, received, forced);
    builder.linkState = mirror.channel().isPresent() ? "connected" : "disconnected";
    builder.linkProblem = mirror.channel().isPresent() ? "" : "no primary is connected";
    builder.primaryAppended = mirror.primaryAppended();
    builder.promotion =
        mirror.promotion().map(p -> new PromotionState(word(p.step()), p.failure()));
    builder.fill =
        mirror
            .receiver()
            .flatMap(MirrorReceiver::fill)
            .map(f -> new Fill(f.doneBytes(), f.totalBytes()));
    builder.needsFill = builder.fill.isPresent();
    builder.link = mirror.receiver().flatMap(MirrorReceiver::link).map(LinkReceiver::statistics);
    return builder.build();
  }

  private static String word(Enum<?> state) {
    return state.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  /** Gathers what one role or the other knows. */
  private static final class Builder {
    private final GroupSettings settings;
    private final Leadership leadership;
    private final String phase;
    private String linkState = "none";
    private String linkProblem = "";
    private Watermarks watermarks = Watermarks.NONE;
    private long lagBytes;
    private long lagNanos;
    private boolean blocking;
    private boolean degraded;
    private boolean needsFill;
    private String refusal = "";
    private Optional<Fill> fill = Optional.empty();
    private long primaryAppended;
    private Optional<PromotionState> promotion = Optional.empty();
    private Optional<LinkStatistics> link = Optional.empty();
    private long roundTripNanos;
    private Optional<GroupStore> store = Optional.empty();

    Builder(GroupSettings settings, Leadership leadership, String phase) {
      this.settings = settings;
      this.leadership = leadership;
      this.phase = phase;
    }

    Builder store(GroupStore open) {
      store = Optional.of(open);
      return this;
    }

    GroupSnapshot build() {
      return new GroupSnapshot(
          settings,
          leadership,
          phase,
          linkState,
          linkProblem,
          watermarks,
          lagBytes,
          lagNanos,
          blocking,
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
          store
              .flatMap(GroupStore::failure)
              .map(Throwable::getMessage)
              .or(() -> Optional.of(refusal).filter(reason -> !reason.isEmpty())));
    }
  }
}

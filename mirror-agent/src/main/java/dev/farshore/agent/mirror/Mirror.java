package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.control.ControlMessage;
import dev.farshore.agent.mirror.control.ControlMessage.*;
import dev.farshore.link.session.LinkReceiver;
import dev.farshore.link.session.LinkSettings;
import dev.farshore.log.LogDamagedException;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The role of the site that follows: answers a primary's questions, takes its stream, and can be
 * promoted. Owned by the group's thread.
 */
final class Mirror implements GroupRole {
  private static final Logger LOG = LoggerFactory.getLogger(Mirror.class);

  /**
   * A primary that was heard of within this time is taken to be alive when a promotion is asked
   * for.
   */
  private static final long ALIVE_NANOS = 2_000_000_000L;

  private final GroupSettings settings;
  private final GroupStore store;
  private final GroupLeadership leadership;
  private final NodePorts ports;
  private Optional<ControlChannel> channel = Optional.empty();
  private Optional<MirrorReceiver> receiver = Optional.empty();
  private MirrorAnswers answers;
  private Optional<Promotion> promotion = Optional.empty();
  private Optional<Greeting> greeting = Optional.empty();
  private long polledNanos;
  private Epoch followed = Epoch.NONE;
  private LogPosition fillAt = LogPosition.START;
  private long primaryLostNanos;
  private PrimaryProgress primary = PrimaryProgress.NONE;

  Mirror(GroupSettings settings, GroupStore store, GroupLeadership leadership, NodePorts ports) {
    this.settings = settings;
    this.store = store;
    this.leadership = leadership;
    this.ports = ports;
    this.answers = new MirrorAnswers(store, 0);
    if (leadership.now().promotingTo().counter() > 0) {
      LOG.warn("group {}: going on with a promotion that was interrupted", settings.name());
      promotion = Optional.of(Promotion.resumed(leadership, settings.drainNanos()));
    }
  }

  /**
   * A primary introduces itself; the caller has checked that it may be followed. Before it is
   * welcomed, what is in flight of an earlier session in the same epoch is taken: it may have been
   * acknowledged, and be nowhere but on the wire.
   */
  void onHello(ControlChannel from, Hello hello, long nowNanos) throws IOException {
    channel.ifPresent(old -> old.close("the primary opened another channel"));
    answers.close();
    answers = new MirrorAnswers(store, hello.last().lsn());
    channel = Optional.of(from);
    primary = PrimaryProgress.NONE;
    if (!hello.epoch().equals(followed)) {
      endSession();
    }
    followed = hello.epoch();
    greeting = Optional.of(new Greeting(hello, nowNanos, settings.drainNanos()));
    polledNanos = nowNanos;
    welcomeIfDrained(nowNanos);
  }

  private void welcomeIfDrained(long nowNanos) throws IOException {
    if (receiver.isPresent() && !greeting.orElseThrow().isDrained(receiver.get(), nowNanos)) {
      return;
    }
    endSession();
    welcome(channel.orElseThrow(), greeting.orElseThrow().hello());
    greeting = Optional.empty();
  }

  /** When the earlier session has been silent for long enough; never once that has passed. */
  private long greetingNanos() {
    Optional<LinkReceiver> earlier = receiver.flatMap(MirrorReceiver::link);
    if (greeting.isEmpty() || earlier.isEmpty()) {
      return Long.MAX_VALUE;
    }
    long due = greeting.get().dueNanos(earlier.get());
    return due - polledNanos > 0 ? due : Long.MAX_VALUE;
  }

  private void welcome(ControlChannel from, Hello hello) throws IOException {
    SegmentLog log = store.log();
    if (log.appended() != log.last().lsn()) {
      // an append whose end was lost with the old session would never become whole
      store.cut(log.last().lsn(), "incomplete-" + log.last().epoch());
    }
    boolean empty = log.last().lsn() == 0;
    from.sendOrClose(new Welcome(empty, log.last(), log.first()));
    if (askingPrimary()) {
      from.sendOrClose(new SwitchoverRequest(promotion.orElseThrow().epoch()));
    }
    LOG.info(
        "group {}: following site {} in epoch {}, log ends at lsn {}",
        settings.name(),
        hello.site(),
        hello.epoch(),
        log.last().lsn());
  }

  @Override
  public boolean poll(long nowNanos) {
    polledNanos = nowNanos;
    try {
      pollChannel(nowNanos);
      boolean more = receiver.isPresent() && pollReceiver(nowNanos);
      if (greeting.isPresent()) {
        welcomeIfDrained(nowNanos);
      }
      if (promotion.isPresent()) {
        pollPromotion(nowNanos);
      }
      letGo();
      return more;
    } catch (IOException e) {
      onStoreFailure(e);
      return false;
    }
  }

  /**
   * What the primary has forced is folded. What it has not folded it may lose to its disk and ask
   * for, so that stays in the log as long as there is room.
   */
  private void letGo() {
    long durable = Math.min(primary.forced(), store.log().forced());
    boolean room = store.log().retainedBytes() < settings.risk().quotaBytes();
    store.allowFold(durable);
    store.retainFrom((room ? Math.min(durable, primary.folded()) : durable) + 1);
  }

  private void onStoreFailure(IOException e) {
    LOG.error("group {}: the mirror's store failed: {}", settings.name(), e.toString());
    answers.close();
    channel.ifPresent(c -> c.close("the mirror's store failed"));
    dropSession();
  }

  private void pollChannel(long nowNanos) throws IOException {
    if (channel.isEmpty()) {
      return;
    }
    ControlChannel open = channel.get();
    ControlMessage message = open.receive();
    while (message != null) {
      onMessage(open, message, nowNanos);
      message = open.receive();
    }
    open.poll(nowNanos);
    answers.poll(open, receiver.isPresent(), nowNanos);
    if (!open.isOpen()) {
      // the session stays: what is in flight of a primary that died is still taken
      LOG.warn("group {}: primary lost: {}", settings.name(), open.closeReason());
      channel = Optional.empty();
      greeting = Optional.empty();
      primaryLostNanos = nowNanos;
      answers.close();
      answers = new MirrorAnswers(store, 0);
    }
  }

  private void onMessage(ControlChannel open, ControlMessage message, long nowNanos)
      throws IOException {
    if (answers.onMessage(open, message)) {
      return;
    }
    switch (message) {
      case CutTo cut -> onCut(open, cut);
      case BeginFill begin -> onBeginFill(open, begin);
      case BeginStream begin -> onBeginStream(open, begin);
      case PrimaryProgress progress -> primary = progress;
      case SwitchoverDone done ->
          promotion.ifPresent(p -> p.handedOver(done.last(), store.log(), nowNanos));
      case SwitchoverFailed failed -> promotion.ifPresent(p -> p.fail(failed.reason()));
      default -> open.close("unexpected " + message.getClass().getSimpleName());
    }
  }

  private void onCut(ControlChannel open, CutTo cut) throws IOException {
    long folded = store.folded().lsn();
    if (folded > cut.lsn()) {
      open.sendOrClose(new CutRefused(folded));
      return;
    }
    LogPosition end = store.log().last();
    answers.stopGiving(channel);
    LogPosition now;
    try {
      now = store.cut(cut.lsn(), "divergent-" + end.epoch() + "-" + (cut.lsn() + 1));
    } catch (LogDamagedException lost) {
      if (store.failure().isPresent()) {
        throw lost;
      }
      LOG.error(
          "group {}: the divergent tail cannot be kept: {}", settings.name(), lost.toString());
      open.sendOrClose(new CutRefused(folded));
      return;
    }
    LOG.warn(
        "group {}: this log had diverged; records {} to {} are set aside",
        settings.name(),
        now.lsn() + 1,
        end.lsn());
    open.sendOrClose(new CutDone(now));
  }

  private void onBeginFill(ControlChannel open, BeginFill begin) throws IOException {
    endSession();
    fillAt = begin.at();
    FillReceiver fill =
        new FillReceiver(store.receiveImages(begin.at(), begin.volumes()), begin.volumes());
    openReceiver(begin.link(), begin.session(), Optional.of(fill));
    open.sendOrClose(fill.from());
  }

  private void onBeginStream(ControlChannel open, BeginStream begin) throws IOException {
    endSession();
    if (begin.fromLsn() != store.log().last().lsn() + 1) {
      open.close("the stream begins at " + begin.fromLsn() + ", not after this log's end");
      return;
    }
    openReceiver(begin.link(), begin.session(), Optional.empty());
    joined();
    open.sendOrClose(new Ready());
  }

  private void openReceiver(LinkSettings link, long session, Optional<FillReceiver> fill) {
    receiver =
        Optional.of(new MirrorReceiver(store, ports.sessions().openReceiver(link, session), fill));
  }

  /** What this site holds is a prefix of the leader's log from now on. */
  private void joined() {
    if (leadership.now().fenced()) {
      leadership.write(leadership.now().joined());
    }
  }

  private boolean pollReceiver(long nowNanos) throws IOException {
    MirrorReceiver current = receiver.orElseThrow();
    boolean more = current.poll(nowNanos);
    if (current.fill().map(FillReceiver::whole).orElse(false)) {
      answers.stopGiving(channel);
    }
    if (current.commitFill("replaced-" + store.log().last().epoch() + "-" + fillAt.lsn())) {
      LOG.info("group {}: filled at lsn {}", settings.name(), fillAt.lsn());
      joined();
      primary = new PrimaryProgress(primary.appended(), 0, 0);
      channel.ifPresent(c -> c.sendOrClose(new Filled(fillAt)));
      more = true;
    }
    if (current.broken().isPresent()) {
      String reason = current.broken().get();
      LOG.warn("group {}: the stream broke: {}", settings.name(), reason);
      channel.ifPresent(c -> c.send(new StreamBroken(reason)));
      endSession();
    }
    return more;
  }

  private void pollPromotion(long nowNanos) throws IOException {
    Promotion current = promotion.orElseThrow();
    if (askingPrimary() && channel.isEmpty() && nowNanos - primaryLostNanos >= ALIVE_NANOS) {
      LOG.warn("group {}: the primary went away before it handed over", settings.name());
      current.goOnWithoutPrimary(nowNanos);
      receiver.ifPresent(MirrorReceiver::freezeReport);
    }
    if (!askingPrimary()) {
      answers.stopGiving(channel);
    }
    current.poll(store, receiver, nowNanos);
    if (current.refusesData() && receiver.isPresent()) {
      endSession();
    }
  }

  /**
   * Begins a promotion.
   *
   * @param force do not ask a primary that answers; what it has not mirrored is lost
   * @return why it cannot begin; empty if it has
   */
  Optional<String> promote(boolean force, long nowNanos) {
    if (promotion.isPresent() && promotion.get().step() != PromotionStep.FAILED) {
      return Optional.of("a promotion is under way");
    }
    if (store.log().last().lsn() == 0) {
      return Optional.of("this mirror holds nothing of the group yet");
    }
    if (store.failure().isPresent()) {
      return Optional.of("this site's store has failed: " + store.failure().get().getMessage());
    }
    var epoch = leadership.now().promised().promoted(settings.site());
    if (primaryAnswers(nowNanos) && !force) {
      promotion = Optional.of(Promotion.planned(epoch, leadership, settings.drainNanos()));
      channel.orElseThrow().sendOrClose(new SwitchoverRequest(epoch));
    } else {
      promotion =
          Optional.of(Promotion.unplanned(epoch, leadership, settings.drainNanos(), nowNanos));
      receiver.ifPresent(MirrorReceiver::freezeReport);
      channel.ifPresent(
          c -> {
            c.send(new Refused(RefusalKind.FENCED, epoch, "promoted by its operator"));
            // Nothing that the old leader may still ask for is done: no cut, no fill, no new
            // session.
            c.close("promoted by its operator");
          });
    }
    return Optional.empty();
  }

  private boolean askingPrimary() {
    return promotion.map(p -> p.step() == PromotionStep.ASKING_PRIMARY).orElse(false);
  }

  boolean primaryAnswers(long nowNanos) {
    return channel.isPresent() && channel.get().heardWithin(ALIVE_NANOS, nowNanos);
  }

  private void endSession() throws IOException {
    if (receiver.isPresent()) {
      ports.sessions().close(receiver.get().sessionId());
      receiver.get().close();
      receiver = Optional.empty();
    }
  }

  /** Ends the session of a store that has failed already. */
  private void dropSession() {
    try {
      endSession();
    } catch (IOException e) {
      LOG.error("group {}: ending the session failed: {}", settings.name(), e.toString());
      receiver = Optional.empty();
    }
  }

  Optional<Promotion> promotion() {
    return promotion;
  }

  Optional<MirrorReceiver> receiver() {
    return receiver;
  }

  /** What it tells its primary of its log, and asks it for. */
  MirrorAnswers answers() {
    return answers;
  }

  Optional<ControlChannel> channel() {
    return channel;
  }

  /** LSN up to which the primary said that its log goes. */
  long primaryAppended() {
    return primary.appended();
  }

  @Override
  public long nextDeadlineNanos() {
    long deadline = channel.map(ControlChannel::nextDeadlineNanos).orElse(Long.MAX_VALUE);
    if (askingPrimary() && channel.isEmpty()) {
      deadline = Math.min(deadline, primaryLostNanos + ALIVE_NANOS);
    }
    deadline = Math.min(deadline, greetingNanos());
    deadline =
        Math.min(deadline, promotion.map(Promotion::nextDeadlineNanos).orElse(Long.MAX_VALUE));
    return Math.min(
        deadline,
        receiver
            .flatMap(MirrorReceiver::link)
            .map(LinkReceiver::nextDeadlineNanos)
            .orElse(Long.MAX_VALUE));
  }

  @Override
  public void close(String reason) {
    channel.ifPresent(c -> c.close(reason));
    channel = Optional.empty();
    answers.close();
    dropSession();
  }
}

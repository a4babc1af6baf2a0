package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.control.ControlMessage;
import dev.farshore.agent.mirror.control.ControlMessage.*;
import dev.farshore.link.port.ControlPort;
import dev.farshore.log.LogDamagedException;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * The primary's conversation with its mirror: connects, introduces itself, finds the last LSN at
 * which the logs agree, has a divergent tail cut, pulls a longer one back, and ends with a {@link
 * MirrorSession} or with the word that this site is fenced. Starts over whenever the channel
 * closes.
 */
final class MirrorPeer {
  private final GroupStore store;
  private final PeerOwner owner;
  private final NodePorts ports;
  private final MirrorDialer dialer;

  private LinkState state = LinkState.DISCONNECTED;
  private String lastProblem = "not connected yet";
  private Optional<ControlChannel> channel = Optional.empty();
  private Optional<MirrorSession> session = Optional.empty();
  private Welcome welcome;
  private CommonPoint search;
  private TailPull pull;
  private boolean pullBroken;
  private LostRecords lost;

  /** A record of the log kept for the mirror that both sites have lost; 0 if there is none. */
  private long unsendableLsn;

  MirrorPeer(GroupStore store, PeerOwner owner, NodePorts ports, InetSocketAddress address) {
    this.store = store;
    this.owner = owner;
    this.ports = ports;
    this.dialer =
        new MirrorDialer(
            ports,
            address,
            new MirrorDialer.Caller() {
              @Override
              public void connected(ControlPort port) {
                greet(port);
              }

              @Override
              public void unreachable(String reason) {
                disconnected(reason, ports.clock().nanoTime());
              }
            });
    this.lost = new LostRecords(store);
  }

  LinkState state() {
    return state;
  }

  Optional<MirrorSession> session() {
    return session;
  }

  Optional<ControlChannel> channel() {
    return channel;
  }

  /** Whether a mirror has answered this conversation's hello. */
  boolean answers() {
    return channel.isPresent() && welcome != null;
  }

  /** The record that the conversation cannot go on without, as this site's disk has lost it. */
  Optional<Long> lostLsn() {
    return lost.interrupting().or(() -> session.flatMap(MirrorSession::lostLsn));
  }

  /** How the repair of what this site's disk has lost stands. */
  LogRepair.State repair() {
    return lost.repair().state();
  }

  /** Whether a record that this site's disk had lost is at hand again. */
  boolean isMended(long lsn) {
    return lost.repair().isMended(lsn);
  }

  /**
   * Whether a record that this site's disk has lost may still come: not while the conversation
   * itself stands still for want of another one.
   */
  boolean mayMend(long lsn) {
    boolean waitsItself = lostLsn().isPresent() && repair() == LogRepair.State.NOT_HELD;
    return answers() && !waitsItself && !lost.repair().isNotHeld(lsn);
  }

  /** Why there is no session, for people. */
  String lastProblem() {
    return lastProblem;
  }

  /** Returns whether more could be done at once. */
  boolean poll(long nowNanos) {
    if (state == LinkState.DISCONNECTED) {
      if (dialer.isDue(nowNanos)) {
        reconnect(nowNanos);
      }
      return false;
    }
    if (channel.isEmpty()) {
      return false;
    }
    ControlChannel open = channel.get();
    try {
      ControlMessage message = open.receive();
      while (message != null) {
        take(open, message);
        message = open.receive();
      }
      if (pull != null && !lost.repair().isAsking()) {
        pull.poll(open);
      }
      mend(open, nowNanos);
      if (state == LinkState.FOLDING && owner.mayFill()) {
        state = LinkState.OPENING;
        session = Optional.of(owner.openSession(open, Optional.empty()));
      }
      open.poll(nowNanos);
      boolean more = session.isPresent() && open.isOpen() && session.get().poll(nowNanos);
      if (!open.isOpen()) {
        disconnected(open.closeReason(), nowNanos);
      }
      return more;
    } catch (IOException e) {
      open.close("this site cannot give or take records: " + e.getMessage());
      disconnected(open.closeReason(), nowNanos);
      return false;
    }
  }

  private void take(ControlChannel open, ControlMessage message) throws IOException {
    try {
      if (!lost.onMessage(open, message)) {
        onMessage(open, message);
      }
    } catch (LogDamagedException damage) {
      if (damage.lsn() == 0 || welcome == null) {
        throw damage;
      }
      lost.interrupts(message, damage.lsn());
    }
  }

  /** Asks for what the disk has lost, and goes on when it is there, or is known not to come. */
  private void mend(ControlChannel open, long nowNanos) throws IOException {
    Optional<Long> needed = lostLsn().or(owner::lostLsn).or(() -> store.foldProgress().lostLsn());
    lost.poll(open, pull == null ? needed : Optional.empty(), nowNanos);
    Optional<ControlMessage> again = lost.resumed();
    if (again.isPresent()) {
      take(open, again.get());
      lost.goneForGood().ifPresent(this::fillForLost);
    } else if (needed.isPresent() && lost.repair().isGone(needed.get())) {
      giveUpSending(open, needed.get());
    }
  }

  /** What the images hold need not be sent: they can be, if nobody has the record any more. */
  private void giveUpSending(ControlChannel open, long lsn) {
    boolean next = session.flatMap(MirrorSession::lostLsn).equals(Optional.of(lsn));
    if (next && lsn <= store.folded().lsn()) {
      unsendableLsn = lsn;
      open.close("both sites have lost lsn " + lsn + ", which the base images hold");
    }
  }

  private void fillForLost(long lsn) {
    session.ifPresent(MirrorSession::close);
    long end = store.log().last().lsn();
    long shared = session.isPresent() ? end : Math.min(end, welcome.last().lsn());
    session = Optional.empty();
    lost.forget();
    fill("the logs cannot be compared at record " + lsn + ", which is lost", shared);
  }

  long nextDeadlineNanos() {
    return switch (state) {
      case DISCONNECTED -> dialer.dueNanos();
      case CONNECTING -> Long.MAX_VALUE;
      default ->
          Math.min(
              channel.map(ControlChannel::nextDeadlineNanos).orElse(Long.MAX_VALUE),
              session.map(MirrorSession::nextDeadlineNanos).orElse(Long.MAX_VALUE));
    };
  }

  private void reconnect(long nowNanos) {
    try {
      if (pullBroken) {
        owner.onPullBroken();
        pullBroken = false;
      }
      state = LinkState.CONNECTING;
      dialer.call();
    } catch (IOException e) {
      disconnected("what was taken back in part cannot be cut off: " + e.getMessage(), nowNanos);
    }
  }

  private void greet(ControlPort port) {
    ControlChannel open = new ControlChannel(port, ports.clock(), ports.wake());
    channel = Optional.of(open);
    lost = new LostRecords(store);
    state = LinkState.GREETING;
    open.sendOrClose(owner.hello());
  }

  private void disconnected(String reason, long nowNanos) {
    lastProblem = reason;
    session.ifPresent(MirrorSession::close);
    session = Optional.empty();
    channel = Optional.empty();
    pullBroken |= pull != null;
    pull = null;
    search = null;
    welcome = null;
    lost.close();
    lost = new LostRecords(store);
    state = LinkState.DISCONNECTED;
    dialer.rest(nowNanos);
  }

  private void onMessage(ControlChannel open, ControlMessage message) throws IOException {
    switch (message) {
      case Refused refused when state == LinkState.GREETING -> onRefused(open, refused);
      case Refused refused when refused.kind() == RefusalKind.FENCED -> onRefused(open, refused);
      case Welcome greeting when state == LinkState.GREETING -> onWelcome(open, greeting);
      case ChainIs chain when state == LinkState.COMPARING -> onChain(open, chain);
      case TailBytes tail when state == LinkState.PULLING ->
          pull.onBytes(tail.bytes(), tail.endsRecord());
      case TailEnd end when state == LinkState.PULLING -> onTailEnd(open, end);
      case CutDone cut when state == LinkState.CUTTING -> onCut(open, cut);
      case CutRefused refused when state == LinkState.CUTTING ->
          fill(
              "its base images already hold records up to " + refused.folded(),
              search.result().orElseThrow());
      case LogLost there when state == LinkState.COMPARING -> fillForLost(there.lsn());
      case MirrorProgress progress -> owner.onMirrorFolded(progress.folded());
      case SwitchoverRequest request -> owner.onSwitchoverRequest(request.epoch());
      case StreamBroken broken -> open.close("the mirror ended the stream: " + broken.reason());
      default -> {
        if (session.isEmpty() || !session.get().onMessage(message)) {
          open.close("unexpected " + message.getClass().getSimpleName() + " in state " + state);
        } else if (state == LinkState.OPENING && session.get().opened()) {
          state = LinkState.STREAMING;
          dialer.succeeded();
        }
      }
    }
  }

  private void onRefused(ControlChannel open, Refused refused) {
    open.close("refused: " + refused.reason());
    if (refused.kind() == RefusalKind.FENCED) {
      owner.onFenced(refused.promised());
    }
  }

  private void onWelcome(ControlChannel open, Welcome greeting) throws IOException {
    welcome = greeting;
    long mine = store.log().last().lsn();
    long oldest = store.log().first() - 1;
    if (greeting.empty()) {
      if (oldest == 0) {
        stream(open, 1);
      } else {
        fill("it is empty, and this log begins at record " + (oldest + 1), 0);
      }
      return;
    }
    long theirs = greeting.last().lsn();
    if (theirs < oldest) {
      fill("it ends at record " + theirs + ", this log begins at " + (oldest + 1), theirs);
    } else if (theirs <= mine && agreesAt(greeting.last())) {
      stream(open, theirs + 1);
    } else if (theirs > mine) {
      ask(open, new CommonPoint(mine, mine + 1));
    } else {
      searchBelow(open, theirs);
    }
  }

  private boolean agreesAt(LogPosition theirs) throws IOException {
    return lost.position(theirs.lsn()).filter(theirs::equals).isPresent();
  }

  /** The logs are known to differ at {@code lsn}; looks for where they part. */
  private void searchBelow(ControlChannel open, long lsn) {
    long lowest = Math.max(store.log().first() - 1, welcome.first() - 1);
    if (lowest >= lsn) {
      fill("the logs part before the oldest record that both still hold", lsn);
    } else {
      ask(open, new CommonPoint(lowest, lsn));
    }
  }

  private void ask(ControlChannel open, CommonPoint point) {
    search = point;
    state = LinkState.COMPARING;
    open.sendOrClose(new AskChain(point.next()));
  }

  private void onChain(ControlChannel open, ChainIs answer) throws IOException {
    long asked = search.next();
    if (answer.lsn() != asked) {
      open.close("the mirror answered for record " + answer.lsn() + " instead of " + asked);
      return;
    }
    search.compared(lost.position(asked), answer.position());
    if (!search.finished()) {
      open.sendOrClose(new AskChain(search.next()));
    } else if (search.result().isPresent()) {
      onCommon(open, search.result().get());
    } else if (asked == store.log().last().lsn() && welcome.last().lsn() > asked) {
      onLonger(open, asked);
    } else {
      fill(
          "the logs share no record that both still hold, from record " + asked + " on",
          Math.min(welcome.last().lsn(), store.log().last().lsn()));
    }
  }

  /** The mirror's log is longer and does not agree at this log's end, or no longer knows it. */
  private void onLonger(ControlChannel open, long mine) {
    boolean folded = welcome.first() - 1 > mine;
    if (folded && owner.mayPullTail() && welcome.last().epoch().equals(owner.hello().epoch())) {
      String reason =
          "this log ends at record "
              + mine
              + ", the mirror holds records of the same epoch up to "
              + welcome.last().lsn()
              + " and keeps them from "
              + welcome.first()
              + " on only: promote the mirror";
      open.close(reason);
      owner.onRegressed(reason);
    } else {
      searchBelow(open, mine);
    }
  }

  private void onCommon(ControlChannel open, long lsn) {
    boolean mirrorIsAhead = lsn == store.log().last().lsn() && welcome.last().lsn() > lsn;
    if (mirrorIsAhead && owner.mayPullTail()) {
      state = LinkState.PULLING;
      pull = new TailPull(store, welcome.last());
    } else if (lsn < welcome.last().lsn()) {
      state = LinkState.CUTTING;
      open.sendOrClose(new CutTo(lsn));
    } else {
      stream(open, lsn + 1);
    }
  }

  private void onTailEnd(ControlChannel open, TailEnd end) throws IOException {
    if (pull.onEnd(end.last())) {
      pull = null;
      stream(open, end.last().lsn() + 1);
    }
  }

  private void onCut(ControlChannel open, CutDone cut) throws IOException {
    if (agreesAt(cut.last())) {
      stream(open, cut.last().lsn() + 1);
    } else {
      open.close("the mirror's log does not end where it was asked to");
    }
  }

  private void stream(ControlChannel open, long fromLsn) {
    long first = store.log().first();
    if (fromLsn < first) {
      fill(
          "it ends at record " + (fromLsn - 1) + ", this log begins at " + first + " by now",
          fromLsn - 1);
      return;
    }
    if (fromLsn <= unsendableLsn && unsendableLsn <= store.folded().lsn()) {
      fill("record " + unsendableLsn + " is lost, and in the base images only", fromLsn - 1);
      return;
    }
    unsendableLsn = 0;
    state = LinkState.OPENING;
    session = Optional.of(owner.openSession(open, Optional.of(fromLsn)));
    owner.onAgreed();
  }

  private void fill(String reason, long sharedLsn) {
    owner.onFillNeeded(reason, sharedLsn);
    state = LinkState.FOLDING;
    owner.onAgreed();
  }

  /** Ends the conversation; polled again, it begins another one soon, with a new hello. */
  void close(String reason) {
    channel.ifPresent(open -> open.close(reason));
    disconnected(reason, ports.clock().nanoTime());
  }
}

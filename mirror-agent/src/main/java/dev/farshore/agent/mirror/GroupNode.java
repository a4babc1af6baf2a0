package dev.farshore.agent.mirror;

import dev.farshore.agent.mirror.control.ControlMessage.Hello;
import dev.farshore.agent.mirror.control.ControlMessage.RefusalKind;
import dev.farshore.agent.mirror.control.ControlMessage.Refused;
import dev.farshore.agent.mirror.stream.MirrorSender;
import dev.farshore.appliance.export.ExportDirectory;
import dev.farshore.appliance.volume.MirrorVolumes;
import dev.farshore.link.risk.OpenRisk;
import dev.farshore.log.group.GroupStore;
import dev.farshore.log.record.Epoch;
import java.io.IOException;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One group at one site: its store, its leadership, and the role that it has at present. A step
 * function of one owner thread, which calls {@link #poll} whenever the store, the network or a
 * client brought work, and at {@link #nextDeadlineNanos}.
 */
public final class GroupNode implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GroupNode.class);

  /** Told when the exports of a group change hands, so that clients are sent away. */
  @FunctionalInterface
  public interface RoleListener {
    void onRole(GroupNode group, Role role);
  }

  private final GroupSettings settings;
  private final GroupStorage storage;
  private final GroupLeadership leadership;
  private final NodePorts ports;
  private final RoleListener roleListener;
  private Optional<GroupStore> store;
  private Optional<GroupRole> role = Optional.empty();

  /**
   * Opens the group, recovering what is on disk. Blocks.
   *
   * @throws IOException if the disk refuses, or what it holds is damaged
   */
  public GroupNode(
      GroupSettings settings,
      GroupStorage storage,
      LeadershipStore leadershipStore,
      NodePorts ports,
      RoleListener roleListener)
      throws IOException {
    this.settings = settings;
    this.storage = storage;
    this.ports = ports;
    this.roleListener = roleListener;
    this.leadership =
        new GroupLeadership(
            leadershipStore,
            () -> Leadership.initial(settings.initialRole(), newGroupId(), settings.site()));
    this.store = storage.open();
    if (leadership.now().role() == Role.PRIMARY) {
      if (store.isEmpty()) {
        store = Optional.of(storage.create(leadership.now().groupId()));
      }
      lead(leadership.begun());
    } else if (store.isPresent()) {
      follow();
    }
  }

  private long newGroupId() {
    if (settings.initialRole() == Role.MIRROR) {
      return 0;
    }
    long id = ports.entropy().nextLong();
    return id == 0 ? 1 : id;
  }

  private void lead(boolean atOnce) {
    role =
        Optional.of(
            new Primary(
                settings,
                store.orElseThrow(),
                leadership,
                ports,
                atOnce,
                ports.clock().nanoTime()));
    roleListener.onRole(this, Role.PRIMARY);
  }

  private Mirror follow() {
    Mirror mirror = new Mirror(settings, store.orElseThrow(), leadership, ports);
    role = Optional.of(mirror);
    roleListener.onRole(this, Role.MIRROR);
    return mirror;
  }

  /** Does bounded work; true if it should be called again at once. */
  public boolean poll(long nowNanos) {
    boolean more = false;
    if (store.isPresent()) {
      more = store.get().poll(nowNanos);
    }
    if (role.isPresent()) {
      more |= role.get().poll(nowNanos);
      more |= changeRole();
    }
    return more;
  }

  /** A primary that was fenced follows from now on; a mirror whose promotion is done leads. */
  private boolean changeRole() {
    switch (role.orElseThrow()) {
      case Primary primary when primary.phase() == LeadPhase.FENCED -> {
        primary.close("another site leads");
        follow();
        return true;
      }
      case Mirror mirror
          when mirror.promotion().map(p -> p.step() == PromotionStep.DONE).orElse(false) -> {
        LOG.warn("group {}: promoted to epoch {}", settings.name(), leadership.now().leads());
        mirror.close("promoted");
        lead(true);
        return true;
      }
      default -> {
        return false;
      }
    }
  }

  /** When {@link #poll} has work by itself. */
  public long nextDeadlineNanos() {
    return Math.min(
        store.map(GroupStore::nextDeadlineNanos).orElse(Long.MAX_VALUE),
        role.map(GroupRole::nextDeadlineNanos).orElse(Long.MAX_VALUE));
  }

  /**
   * Another site says that it leads this group. The channel is this group's from now on.
   *
   * @throws IOException if a store cannot be made for a group that is new here
   */
  void onHello(ControlChannel channel, Hello hello) throws IOException {
    Leadership now = leadership.now();
    if (hello.site() == settings.site()) {
      refuse(channel, RefusalKind.WRONG_GROUP, "both sites have number " + settings.site());
    } else if (now.groupId() != 0 && now.groupId() != hello.groupId()) {
      refuse(channel, RefusalKind.WRONG_GROUP, "this site's group of that name is another one");
    } else if (hello.epoch().compareTo(now.promised()) < 0
        || (now.role() == Role.PRIMARY && hello.epoch().equals(now.promised()))) {
      refuse(channel, RefusalKind.FENCED, "epoch " + now.promised() + " exists");
    } else if (store.isPresent() && store.get().failure().isPresent()) {
      refuse(channel, RefusalKind.UNAVAILABLE, "the mirror's store has failed");
    } else {
      accept(channel, hello);
    }
  }

  private void refuse(ControlChannel channel, RefusalKind kind, String reason) {
    channel.send(new Refused(kind, leadership.now().promised(), reason));
    channel.close(reason);
  }

  /** Promises the epoch durably, then follows. */
  private void accept(ControlChannel channel, Hello hello) throws IOException {
    Leadership now = leadership.now();
    boolean promising = now.promotingTo().counter() > 0;
    if (hello.epoch().compareTo(now.promised()) > 0 || now.groupId() == 0) {
      if (promising || now.role() == Role.PRIMARY) {
        LOG.error(
            "group {}: site {} leads in epoch {}; this site follows",
            settings.name(),
            hello.site(),
            hello.epoch());
      }
      leadership.write(now.following(hello.groupId(), hello.epoch()));
    }
    if (store.isEmpty()) {
      // An earlier hello may have made it, and failed to open it.
      Optional<GroupStore> left = storage.open();
      store = left.isPresent() ? left : Optional.of(storage.create(hello.groupId()));
    }
    Mirror mirror =
        switch (role.orElse(null)) {
          case Mirror following when !promising -> following;
          case Mirror promoting -> {
            promoting.close("another site leads");
            yield follow();
          }
          case Primary primary -> {
            primary.close("another site leads");
            yield follow();
          }
          case null -> follow();
        };
    mirror.onHello(channel, hello, ports.clock().nanoTime());
  }

  /**
   * Makes this site the group's primary. Progress shows in {@link #snapshot}.
   *
   * @param force do not ask a primary that answers to hand over
   * @return why it cannot begin; empty if it has, or if this site leads already
   */
  public Optional<String> promote(boolean force) {
    return switch (role.orElse(null)) {
      case Primary primary -> Optional.empty();
      case Mirror mirror -> mirror.promote(force, ports.clock().nanoTime());
      case null -> Optional.of("this site holds nothing of group " + settings.name() + " yet");
    };
  }

  /** The exports that this site has of the group now: writable, read-only or none. */
  public Optional<ExportDirectory> exports() {
    return switch (role.orElse(null)) {
      case Primary primary -> Optional.of(primary.volumes());
      case Mirror mirror -> Optional.of(new MirrorVolumes(store.orElseThrow()));
      case null -> Optional.empty();
    };
  }

  /** The volumes as an administrator changes them; empty unless this site leads and serves. */
  public Optional<VolumeAdministration> administration() {
    return role.orElse(null) instanceof Primary primary && primary.phase() == LeadPhase.SERVING
        ? Optional.of(new VolumeAdministration(store.orElseThrow(), primary, ports))
        : Optional.empty();
  }

  public String name() {
    return settings.name();
  }

  public GroupSettings settings() {
    return settings;
  }

  /** The group as it stands, for status and for checks. */
  public GroupSnapshot snapshot(long nowNanos) {
    return GroupSnapshot.of(settings, leadership.now(), store, role, nowNanos);
  }

  /**
   * What would become of records that are covered at the level of the group's mode if this site
   * died now; empty if it does not send, or knows too little of the wire.
   */
  public Optional<OpenRisk> openRisk() {
    return role.filter(Primary.class::isInstance)
        .flatMap(primary -> ((Primary) primary).peer())
        .flatMap(MirrorPeer::session)
        .flatMap(MirrorSession::sender)
        .flatMap(MirrorSender::openRisk);
  }

  /** Epoch in which this site leads, if it does. */
  public Optional<Epoch> leads() {
    return leadership.now().role() == Role.PRIMARY
        ? Optional.of(leadership.now().leads())
        : Optional.empty();
  }

  public Optional<GroupStore> store() {
    return store;
  }

  /** Ends the role and closes the store cleanly. Blocks. */
  @Override
  public void close() throws IOException {
    role.ifPresent(r -> r.close("the site is stopping"));
    role = Optional.empty();
    if (store.isPresent()) {
      store.get().close();
    }
  }
}

package dev.farshore.agent.site;

import dev.farshore.agent.config.Address;
import dev.farshore.agent.config.GroupConfig;
import dev.farshore.agent.config.SiteConfig;
import dev.farshore.agent.mirror.GroupNode;
import dev.farshore.agent.mirror.GroupSnapshot;
import dev.farshore.agent.mirror.LeadPhase;
import dev.farshore.agent.mirror.Leadership;
import dev.farshore.agent.mirror.PromotionStep;
import dev.farshore.agent.mirror.Standing;
import dev.farshore.agent.mirror.SyncMode;
import dev.farshore.agent.mirror.Trouble;
import dev.farshore.agent.status.GroupFacts;
import dev.farshore.agent.status.GroupFacts.Failure;
import dev.farshore.agent.status.GroupFacts.Protection;
import dev.farshore.agent.status.GroupFacts.Stall;
import dev.farshore.agent.status.GroupStatus;
import dev.farshore.agent.status.GroupStatus.Copy;
import dev.farshore.agent.status.GroupStatus.Exposure;
import dev.farshore.agent.status.GroupStatus.Flow;
import dev.farshore.agent.status.GroupStatus.Holding;
import dev.farshore.agent.status.GroupStatus.Lag;
import dev.farshore.agent.status.GroupStatus.Packets;
import dev.farshore.agent.status.GroupStatus.Peer;
import dev.farshore.agent.status.GroupStatus.SentMeans;
import dev.farshore.agent.status.GroupStatus.Space;
import dev.farshore.agent.status.GroupStatus.Volume;
import dev.farshore.agent.status.GroupStatus.Wire;
import dev.farshore.agent.status.HealthRule;
import dev.farshore.agent.status.Human;
import dev.farshore.agent.status.Replication;
import dev.farshore.agent.status.Role;
import dev.farshore.appliance.volume.Watermarks;
import dev.farshore.link.session.LinkStatistics;
import dev.farshore.log.LogDamagedException;
import dev.farshore.log.RecoveryReport;
import dev.farshore.log.disk.DiskFullException;
import dev.farshore.log.record.Epoch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Says in the words of the status how a group stands. On the site's thread. */
final class GroupReport {
  private static final double NANOS = 1e9;

  private final SiteConfig site;
  private final GroupConfig config;
  private final GroupNode node;
  private final GroupSnapshot now;
  private final FollowerLag followerLag;
  private final OptionalDouble lossChance;
  private final long nowNanos;
  private final HostFacts host;

  /**
   * @param followerLag of this group; told here how far it is
   * @param lossChance of this group, as it was worked out last
   * @param host as it is now
   */
  GroupReport(
      SiteConfig site,
      GroupConfig config,
      GroupNode node,
      FollowerLag followerLag,
      OptionalDouble lossChance,
      long nowNanos,
      HostFacts host) {
    this.site = site;
    this.config = config;
    this.node = node;
    this.now = node.snapshot(nowNanos);
    this.followerLag = followerLag;
    this.lossChance = lossChance;
    this.nowNanos = nowNanos;
    this.host = host;
    followerLag.observe(now.primaryAppended(), now.watermarks().forced(), nowNanos);
  }

  GroupStatus status() {
    GroupFacts facts = facts();
    return new GroupStatus(
        config.name(),
        HealthRule.judge(config.name(), config.peer(), facts),
        new GroupStatus.Standing(facts.role(), epoch().toString(), mode()),
        new Peer(
            config.peer(), facts.connected(), facts.replication(), now.roundTripNanos() / NANOS),
        flow(facts),
        holding());
  }

  GroupFacts facts() {
    return new GroupFacts(
        role(),
        now.trouble().map(GroupReport::failure),
        fencedBy(),
        now.promotion().filter(p -> p.step() != PromotionStep.FAILED).isPresent(),
        now.linkState().connected(),
        replication(),
        protection(),
        (primary() ? now.lagNanos() : followerLag.nanos(nowNanos)) / NANOS,
        (double) now.retainedBytes() / config.storage().quotaBytes(),
        noRoom(),
        stalled(false).map(this::foldStall).or(this::lost));
  }

  /** What is no damage of the log, nobody else can give. */
  private Stall foldStall(IOException cause) {
    return cause instanceof LogDamagedException
        ? stall(cause.getMessage())
        : new Stall(Stall.Kind.DISK, cause.getMessage());
  }

  private Stall stall(String cause) {
    return switch (now.repair()) {
      case IDLE -> new Stall(Stall.Kind.DISK, cause);
      case FETCHING -> new Stall(Stall.Kind.REPAIRING, cause);
      case NOT_HELD -> new Stall(Stall.Kind.NOT_AT_MIRROR, cause);
    };
  }

  /** What the conversation with the other site, or the volumes, cannot go on without. */
  private Optional<Stall> lost() {
    return now.lostLsn().map(lsn -> stall("lsn " + lsn + " of the log is lost"));
  }

  private static Failure failure(Trouble trouble) {
    return switch (trouble) {
      case Trouble.StoreFailed(String text) -> new Failure(Failure.Kind.STORE, text);
      case Trouble.RecordsLost(String text) -> new Failure(Failure.Kind.RECORDS_LOST, text);
    };
  }

  /** Why the fold rests: for lack of room, or for another reason. */
  private Optional<IOException> stalled(boolean forLackOfRoom) {
    return node.store()
        .flatMap(store -> store.foldProgress().stalled())
        .filter(cause -> cause instanceof DiskFullException == forLackOfRoom);
  }

  /** The fold says what it found; the log needs a segment at a time. */
  private Optional<String> noRoom() {
    return stalled(true)
        .map(Throwable::getMessage)
        .or(
            () ->
                host.freeBytes().isPresent()
                        && host.freeBytes().getAsLong() < config.storage().segmentBytes()
                    ? Optional.of(
                        Human.bytes(host.freeBytes().getAsLong())
                            + " are free in "
                            + site.site().data()
                            + ", less than a segment of the log")
                    : Optional.empty());
  }

  private boolean primary() {
    return now.leadership().role() == dev.farshore.agent.mirror.Role.PRIMARY;
  }

  private Role role() {
    return switch (now.standing()) {
      case Standing.Empty empty -> Role.STARTING;
      case Standing.Fenced fenced -> Role.MIRROR;
      case Standing.Following following -> Role.MIRROR;
      case Standing.Leading(LeadPhase phase) ->
          switch (phase) {
            case SERVING, HANDING_OVER, REGRESSED, FAILED -> Role.PRIMARY;
            case STARTING, FORCING, FENCED, CLOSED -> Role.STARTING;
          };
    };
  }

  private Epoch epoch() {
    Leadership leadership = now.leadership();
    return primary() ? leadership.leads() : leadership.promised();
  }

  private Optional<String> fencedBy() {
    return now.standing() instanceof Standing.Fenced(Epoch by)
        ? Optional.of(by.toString())
        : Optional.empty();
  }

  private Replication replication() {
    if (now.fill().isPresent() && (now.linkState().connected() || !primary())) {
      return Replication.FILLING;
    }
    if (now.leadership().mirrorDetached()) {
      return Replication.DETACHED;
    }
    return switch (now.linkState()) {
      case NONE, DISCONNECTED, CONNECTING -> Replication.IDLE;
      case GREETING, COMPARING, CUTTING, FOLDING, OPENING -> Replication.COMPARING;
      case PULLING -> Replication.PULLING;
      case STREAMING -> Replication.STREAMING;
    };
  }

  private Protection protection() {
    if (!primary()) {
      return Protection.AS_PROMISED;
    }
    if (now.hold().isPresent()) {
      return switch (now.hold().get()) {
        case AT_RISK -> Protection.BLOCKED_AT_RISK;
        case QUOTA -> Protection.BLOCKED_BY_QUOTA;
        case FILL -> Protection.BLOCKED_UNTIL_FILLED;
      };
    }
    if (now.needsFill() || now.leadership().mirrorDetached()) {
      return Protection.UNPROTECTED;
    }
    return now.degraded() ? Protection.DEGRADED : Protection.AS_PROMISED;
  }

  private String mode() {
    return switch (now.settings().mode()) {
      case SyncMode.Local local -> "local";
      case SyncMode.Remote remote -> "remote";
      case SyncMode.Network network -> {
        int levels = now.settings().link().code().levels();
        yield network.level() == levels
            ? "network (full coverage)"
            : "network (" + network.level() + " of " + levels + " layers)";
      }
    };
  }

  private Flow flow(GroupFacts facts) {
    Watermarks marks = now.watermarks();
    long end = primary() ? marks.appended() : Math.max(now.primaryAppended(), marks.appended());
    return new Flow(
        marks,
        new Lag(
            Math.max(0, end - marks.mirrored()),
            primary() ? OptionalLong.of(now.lagBytes()) : OptionalLong.empty(),
            facts.lagSeconds()),
        wire(),
        primary()
            ? Optional.of(new Exposure(now.lagBytes(), facts.lagSeconds(), lossChance()))
            : Optional.empty(),
        now.fill().map(fill -> new Copy(fill.doneBytes(), fill.totalBytes())));
  }

  /** Of what was answered in mode {@code network}, as long as the mode's promise holds. */
  private OptionalDouble lossChance() {
    if (!primary()
        || protection() != Protection.AS_PROMISED
        || !(now.settings().mode() instanceof SyncMode.Network)) {
      return OptionalDouble.empty();
    }
    return lossChance;
  }

  private Wire wire() {
    SentMeans confirmed =
        host.kernelTellsWhatLeft() ? SentMeans.LEFT_THE_HOST : SentMeans.GIVEN_TO_OUR_KERNEL;
    if (now.link().isEmpty()) {
      return new Wire(0, 0, Packets.NONE, 0, confirmed);
    }
    LinkStatistics link = now.link().get();
    double data = Math.max(1, link.dataPackets());
    return new Wire(
        link.loss(),
        link.longestBurst(),
        new Packets(
            link.dataPackets(), link.repairPackets(), link.repairedPackets(), link.resentPackets()),
        (link.repairPackets() + link.resentPackets()) / data,
        confirmed);
  }

  private Holding holding() {
    String onQuota = config.storage().beyond().name().toLowerCase(java.util.Locale.ROOT);
    return new Holding(
        new Space(now.retainedBytes(), config.storage().quotaBytes(), onQuota.replace('_', '-')),
        volumes(),
        notes());
  }

  private List<Volume> volumes() {
    boolean served = SiteExports.serves(node);
    return now.volumes().stream()
        .map(
            volume ->
                new Volume(
                    volume.name(),
                    volume.sizeBytes(),
                    primary() && served,
                    served ? addresses(volume.name()) : List.of()))
        .toList();
  }

  private List<String> addresses(String volume) {
    return site.nbd().listen().stream().map(address -> uri(address, volume)).toList();
  }

  /** As {@code libnbd} and QEMU take it. */
  static String uri(Address address, String volume) {
    return switch (address) {
      case Address.Internet internet -> "nbd://" + internet + "/" + volume;
      case Address.Unix(java.nio.file.Path path) -> "nbd+unix:///" + volume + "?socket=" + path;
    };
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    now.recovery().flatMap(GroupReport::recovery).ifPresent(notes::add);
    if (!now.linkProblem().isEmpty()) {
      notes.add("link: " + now.linkProblem());
    }
    now.promotion()
        .filter(p -> p.step() == PromotionStep.FAILED)
        .ifPresent(p -> notes.add("the last promotion failed: " + p.failure()));
    host.asides()
        .forEach(
            aside ->
                notes.add(
                    "set aside, and in no volume: records of this site, in "
                        + site.site().data().resolve("groups").resolve(config.name()).resolve(aside)
                        + "*"));
    return notes;
  }

  /** What recovery did, if it had anything to do. */
  private static Optional<String> recovery(RecoveryReport report) {
    if (report.tornBytes() == 0 && report.droppedRecords() == 0 && report.rewrittenRecords() == 0) {
      return Optional.empty();
    }
    return Optional.of(
        "recovery at start: ended at lsn "
            + report.position().lsn()
            + ", cut "
            + report.tornBytes()
            + " torn bytes, dropped "
            + report.droppedRecords()
            + " records of incomplete appends, rewrote "
            + report.rewrittenRecords()
            + " that were not known to be durable");
  }
}

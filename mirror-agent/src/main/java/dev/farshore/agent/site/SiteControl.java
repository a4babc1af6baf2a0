package dev.farshore.agent.site;

import dev.farshore.agent.config.GroupConfig;
import dev.farshore.agent.config.SiteConfig;
import dev.farshore.agent.control.Answer;
import dev.farshore.agent.control.SiteOperations;
import dev.farshore.agent.mirror.GroupNode;
import dev.farshore.agent.mirror.GroupSnapshot;
import dev.farshore.agent.mirror.VolumeAdministration;
import dev.farshore.agent.mirror.VolumeAdministration.Outcome;
import dev.farshore.agent.status.GroupStatus;
import dev.farshore.agent.status.SiteStatus;
import dev.farshore.log.group.VolumeInfo;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiConsumer;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Does on the site's thread what the control socket asks for. */
final class SiteControl implements SiteOperations {
  private final SiteConfig config;
  private final String version;
  private final EventLoop loop;
  private final SiteLoop site;
  private final SiteExports exports;
  private final BooleanSupplier kernelTellsWhatLeft;
  private final Runnable stop;
  private final Map<String, FollowerLag> lags = new HashMap<>();
  private final LossChances chances;
  private final Map<String, Look> looks = new HashMap<>();

  /** What the disk said, and when. To ask it takes a millisecond, which the site's thread lacks. */
  private record Look(HostFacts facts, long nanos) {
    private static final long FRESH_NANOS = 1_000_000_000L;

    boolean isOld(long nowNanos) {
      return nowNanos - nanos >= FRESH_NANOS;
    }
  }

  /**
   * @param kernelTellsWhatLeft asked on the site's thread
   * @param stop begins to end the site; any thread
   */
  SiteControl(
      SiteConfig config,
      String version,
      EventLoop loop,
      SiteLoop site,
      SiteExports exports,
      BooleanSupplier kernelTellsWhatLeft,
      Runnable stop) {
    this.config = config;
    this.version = version;
    this.loop = loop;
    this.site = site;
    this.exports = exports;
    this.kernelTellsWhatLeft = kernelTellsWhatLeft;
    this.stop = stop;
    this.chances = new LossChances(loop, ForkJoinPool.commonPool());
  }

  /** Runs something on the loop; it fails like this if the loop has ended. */
  private <T> CompletionStage<T> onLoop(Supplier<? extends CompletionStage<T>> work) {
    try {
      return CompletableFuture.supplyAsync(work, loop).thenCompose(stage -> stage);
    } catch (RejectedExecutionException ended) {
      return CompletableFuture.failedFuture(new IllegalStateException("the site is ending"));
    }
  }

  @Override
  public CompletionStage<SiteStatus> status() {
    return onLoop(
        () ->
            chances
                .refresh(site.groups(), System.nanoTime())
                .thenApplyAsync(done -> report(), loop));
  }

  /** On the site's thread. */
  SiteStatus report() {
    List<GroupStatus> groups = new ArrayList<>();
    for (GroupConfig group : config.groups()) {
      node(group.name()).map(node -> report(group, node)).ifPresent(groups::add);
      unopened(group.name()).map(UnopenedGroup::status).ifPresent(groups::add);
    }
    return new SiteStatus(
        config.site().name(),
        config.site().number(),
        ProcessHandle.current().pid(),
        version,
        config.site().data().toString(),
        groups);
  }

  private GroupStatus report(GroupConfig group, GroupNode node) {
    return new GroupReport(
            config,
            group,
            node,
            lags.computeIfAbsent(group.name(), name -> new FollowerLag()),
            chances.last(group.name()),
            System.nanoTime(),
            host(group.name(), System.nanoTime()))
        .status();
  }

  /** A second old at most. */
  private HostFacts host(String group, long nowNanos) {
    Look look = looks.get(group);
    if (look == null || look.isOld(nowNanos)) {
      HostFacts facts =
          HostFacts.observe(
              kernelTellsWhatLeft.getAsBoolean(),
              config.site().data(),
              config.site().data().resolve("groups").resolve(group));
      look = new Look(facts, nowNanos);
      looks.put(group, look);
    }
    return look.facts();
  }

  private Optional<UnopenedGroup> unopened(String group) {
    return site.unopened().stream().filter(each -> each.name().equals(group)).findFirst();
  }

  private Optional<GroupNode> node(String group) {
    return site.groups().stream().filter(node -> node.name().equals(group)).findFirst();
  }

  private <T> CompletionStage<Answer<T>> refuse(Answer.Reason reason, String text) {
    return CompletableFuture.completedFuture(Answer.refused(reason, text));
  }

  private <T> CompletionStage<Answer<T>> noGroup(String group) {
    return unopened(group).isPresent()
        ? refuse(Answer.Reason.WRONG_STATE, unopened(group).get().refusal())
        : refuse(Answer.Reason.NOT_FOUND, "there is no group '" + group + "' at this site");
  }

  @Override
  public CompletionStage<Answer<PromotionPreview>> previewPromotion(String group) {
    return onLoop(() -> node(group).map(this::preview).orElseGet(() -> noGroup(group)));
  }

  private CompletionStage<Answer<PromotionPreview>> preview(GroupNode node) {
    if (node.leads().isPresent()) {
      return leadsAlready(node);
    }
    GroupSnapshot now = node.snapshot(System.nanoTime());
    boolean answers = now.linkState().connected();
    long missing = Math.max(0, now.primaryAppended() - now.watermarks().received());
    String text =
        "group "
            + node.name()
            + ": this site has records up to lsn "
            + now.watermarks().received()
            + "; the primary "
            + (answers ? "answers and " : "does not answer; it ")
            + "last reported lsn "
            + now.primaryAppended()
            + ".\n"
            + (missing == 0
                ? "No record is known to be missing here."
                : missing + " records are known to be missing here and would be lost.")
            + " What the primary answered its clients since that report is not known here; it is"
            + " lost too unless it is still on its way."
            + (answers ? "\nWithout --force the primary would hand over and nothing be lost." : "");
    return CompletableFuture.completedFuture(
        Answer.given(new PromotionPreview(answers, missing, text)));
  }

  private <T> CompletionStage<Answer<T>> leadsAlready(GroupNode node) {
    return refuse(Answer.Reason.WRONG_STATE, "this site leads group " + node.name() + " already");
  }

  @Override
  public CompletionStage<Answer<PromotionReport>> promote(
      String group, boolean force, Consumer<String> progress) {
    return onLoop(
        () -> node(group).map(n -> begin(n, force, progress)).orElseGet(() -> noGroup(group)));
  }

  private CompletionStage<Answer<PromotionReport>> begin(
      GroupNode node, boolean force, Consumer<String> progress) {
    if (node.leads().isPresent()) {
      return leadsAlready(node);
    }
    long primaryAppended = node.snapshot(System.nanoTime()).primaryAppended();
    Optional<String> refusal = node.promote(force);
    if (refusal.isPresent()) {
      return refuse(Answer.Reason.WRONG_STATE, refusal.get());
    }
    site.wake();
    PromotionWatch watch = new PromotionWatch(node, loop, progress, primaryAppended);
    watch.look();
    return watch.outcome();
  }

  @Override
  public CompletionStage<Answer<Done>> createVolume(String group, String name, long sizeBytes) {
    return onLoop(
        () -> {
          if (!SiteExports.isVolumeName(name)) {
            return refuse(
                Answer.Reason.INVALID,
                "'" + name + "' is not a name (letters, digits, '-', '_' and '.', not first)");
          }
          if (exports.known(name)) {
            return refuse(
                Answer.Reason.WRONG_STATE, "there is a volume '" + name + "' at this site already");
          }
          if (!site.unopened().isEmpty()) {
            return refuse(
                Answer.Reason.WRONG_STATE,
                site.unopened().getFirst().refusal()
                    + "; it may have a volume of that name, so none is created until it is mended");
          }
          if (sizeBytes > VolumeInfo.SIZE_BYTES_MAX) {
            return refuse(Answer.Reason.INVALID, VolumeAdministration.SIZES);
          }
          return change(group, (volumes, done) -> volumes.create(name, sizeBytes, done));
        });
  }

  @Override
  public CompletionStage<Answer<Done>> resizeVolume(String group, String name, long sizeBytes) {
    return onLoop(
        () ->
            sizeBytes > VolumeInfo.SIZE_BYTES_MAX
                ? refuse(Answer.Reason.INVALID, VolumeAdministration.SIZES)
                : changeExisting(
                    group,
                    name,
                    "the volume was resized",
                    (volumes, done) -> volumes.resize(name, sizeBytes, done)));
  }

  @Override
  public CompletionStage<Answer<Done>> removeVolume(String group, String name) {
    return onLoop(
        () ->
            changeExisting(
                group,
                name,
                "the volume was removed",
                (volumes, done) -> volumes.remove(name, done)));
  }

  /** Changes a volume that is there, and sends its clients away. */
  private CompletionStage<Answer<Done>> changeExisting(
      String group, String name, String reason, BiConsumer<VolumeAdministration, Outcome> change) {
    boolean there =
        node(group).flatMap(GroupNode::store).flatMap(store -> store.volume(name)).isPresent();
    if (node(group).isPresent() && !there) {
      return refuse(Answer.Reason.NOT_FOUND, "there is no volume '" + name + "' in group " + group);
    }
    return change(
        group,
        (volumes, done) -> {
          change.accept(volumes, done);
          exports.sendAway(name, reason);
        });
  }

  private CompletionStage<Answer<Done>> change(
      String group, BiConsumer<VolumeAdministration, Outcome> change) {
    Optional<GroupNode> node = node(group);
    if (node.isEmpty()) {
      return noGroup(group);
    }
    Optional<VolumeAdministration> volumes = node.get().administration();
    if (volumes.isEmpty()) {
      return refuse(
          Answer.Reason.WRONG_STATE,
          "volumes are changed at the primary; this site does not lead group "
              + group
              + ", or does not serve it yet");
    }
    CompletableFuture<Answer<Done>> outcome = new CompletableFuture<>();
    change.accept(
        volumes.get(),
        new Outcome() {
          @Override
          public void done() {
            outcome.complete(Answer.given(new Done()));
          }

          @Override
          public void failed(String reason) {
            outcome.complete(Answer.refused(Answer.Reason.FAILED, reason));
          }
        });
    site.wake();
    return outcome;
  }

  @Override
  public void stop() {
    stop.run();
  }
}

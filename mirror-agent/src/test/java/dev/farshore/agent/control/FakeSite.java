package dev.farshore.agent.control;

import dev.farshore.agent.status.GroupStatus;
import dev.farshore.agent.status.GroupStatus.Exposure;
import dev.farshore.agent.status.GroupStatus.Flow;
import dev.farshore.agent.status.GroupStatus.Holding;
import dev.farshore.agent.status.GroupStatus.Lag;
import dev.farshore.agent.status.GroupStatus.Packets;
import dev.farshore.agent.status.GroupStatus.Peer;
import dev.farshore.agent.status.GroupStatus.SentMeans;
import dev.farshore.agent.status.GroupStatus.Space;
import dev.farshore.agent.status.GroupStatus.Standing;
import dev.farshore.agent.status.GroupStatus.Volume;
import dev.farshore.agent.status.GroupStatus.Wire;
import dev.farshore.agent.status.Replication;
import dev.farshore.agent.status.Role;
import dev.farshore.agent.status.SiteStatus;
import dev.farshore.agent.status.Verdict;
import dev.farshore.appliance.volume.Watermarks;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/** A site with one group, {@code main}, and a volume {@code v}, that answers at once. */
public class FakeSite implements SiteOperations {
  private final String name;
  private final Role role;
  private final Verdict verdict;
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final List<String> changes = new CopyOnWriteArrayList<>();
  private int progressMessages = 3;

  public FakeSite(String name, Role role, Verdict verdict) {
    this.name = name;
    this.role = role;
    this.verdict = verdict;
  }

  /** Goes down when the site is told to stop. */
  public CountDownLatch stopped() {
    return stopped;
  }

  /** What it was told to do, in order. */
  public List<String> changes() {
    return changes;
  }

  void progressMessages(int count) {
    progressMessages = count;
  }

  @Override
  public CompletionStage<SiteStatus> status() {
    Flow flow =
        new Flow(
            Watermarks.NONE,
            new Lag(0, OptionalLong.of(0), 0),
            new Wire(0, 0, Packets.NONE, 0, SentMeans.LEFT_THE_HOST),
            Optional.of(new Exposure(0, 0, OptionalDouble.empty())),
            Optional.empty());
    boolean primary = role == Role.PRIMARY;
    GroupStatus group =
        new GroupStatus(
            "main",
            verdict,
            new Standing(role, "1.1.0", "network"),
            new Peer("other", true, Replication.STREAMING, 0.05),
            flow,
            new Holding(
                new Space(0, 1, "block"),
                List.of(new Volume("v", 1 << 20, primary, List.of("nbd://localhost:1/v"))),
                List.of()));
    return CompletableFuture.completedFuture(
        new SiteStatus(name, 1, 99_999_999, "test", "/data", List.of(group)));
  }

  private <T> CompletionStage<Answer<T>> answer(String group, T value) {
    return CompletableFuture.completedFuture(
        group.equals("main")
            ? Answer.given(value)
            : Answer.refused(Answer.Reason.NOT_FOUND, "there is no group '" + group + "'"));
  }

  @Override
  public CompletionStage<Answer<PromotionPreview>> previewPromotion(String group) {
    return answer(group, new PromotionPreview(false, 2, "2 records are missing"));
  }

  @Override
  public CompletionStage<Answer<PromotionReport>> promote(
      String group, boolean force, Consumer<String> progress) {
    changes.add("promote " + group + " " + force);
    for (int i = 1; i <= progressMessages; i++) {
      progress.accept("step " + i);
    }
    return answer(group, new PromotionReport("2.2.0", 10, 0, "leads" + (force ? " by force" : "")));
  }

  @Override
  public CompletionStage<Answer<Done>> createVolume(String group, String volume, long sizeBytes) {
    changes.add("create " + group + "/" + volume + " " + sizeBytes);
    return answer(group, new Done());
  }

  /** Breaks, as nothing should. */
  @Override
  public CompletionStage<Answer<Done>> resizeVolume(String group, String volume, long sizeBytes) {
    return CompletableFuture.failedFuture(new IllegalStateException("broken on purpose"));
  }

  @Override
  public CompletionStage<Answer<Done>> removeVolume(String group, String volume) {
    changes.add("remove " + group + "/" + volume);
    return answer(group, new Done());
  }

  @Override
  public void stop() {
    stopped.countDown();
  }
}

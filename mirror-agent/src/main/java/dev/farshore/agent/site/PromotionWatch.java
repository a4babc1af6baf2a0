package dev.farshore.agent.site;

import dev.farshore.agent.control.Answer;
import dev.farshore.agent.control.SiteOperations.PromotionReport;
import dev.farshore.agent.mirror.GroupNode;
import dev.farshore.agent.mirror.GroupSnapshot;
import dev.farshore.agent.mirror.GroupSnapshot.PromotionState;
import dev.farshore.agent.mirror.PromotionStep;
import io.netty.channel.EventLoop;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Follows a promotion that has begun, and tells how it goes. On the site's thread. */
final class PromotionWatch {
  private static final long LOOK_MILLIS = 20;

  private final GroupNode node;
  private final EventLoop loop;
  private final Consumer<String> progress;
  private final CompletableFuture<Answer<PromotionReport>> outcome = new CompletableFuture<>();
  private final long primaryAppended;
  private Optional<PromotionStep> told = Optional.empty();
  private long end;

  /**
   * @param primaryAppended where the old primary had said that its log ends
   */
  PromotionWatch(GroupNode node, EventLoop loop, Consumer<String> progress, long primaryAppended) {
    this.node = node;
    this.loop = loop;
    this.progress = progress;
    this.primaryAppended = primaryAppended;
  }

  CompletableFuture<Answer<PromotionReport>> outcome() {
    return outcome;
  }

  /** Looks now and again until it is over. */
  void look() {
    GroupSnapshot now = node.snapshot(System.nanoTime());
    if (now.trouble().isPresent()) {
      end(Answer.refused(Answer.Reason.FAILED, "the store failed: " + now.trouble().get().text()));
    } else if (node.leads().isPresent() && SiteExports.serves(node)) {
      end(Answer.given(report()));
    } else if (node.leads().isPresent()) {
      again();
    } else if (now.promotion().isEmpty()) {
      end(Answer.refused(Answer.Reason.FAILED, "another site took the lead meanwhile"));
    } else if (now.promotion().get().step() == PromotionStep.FAILED) {
      end(Answer.refused(Answer.Reason.FAILED, now.promotion().get().failure()));
    } else {
      tell(now.promotion().get());
      // Nothing of the old epoch is taken any more after this.
      end = now.watermarks().appended();
      again();
    }
  }

  private void again() {
    loop.schedule(this::look, LOOK_MILLIS, TimeUnit.MILLISECONDS);
  }

  private void end(Answer<PromotionReport> answer) {
    outcome.complete(answer);
  }

  private void tell(PromotionState state) {
    if (told.equals(Optional.of(state.step()))) {
      return;
    }
    told = Optional.of(state.step());
    switch (state.step()) {
      case ASKING_PRIMARY -> progress.accept("asking the primary to hand over");
      case DRAINING -> progress.accept("waiting until the link is silent");
      case FORCING -> progress.accept("making durable what arrived");
      case DONE, FAILED -> {}
    }
  }

  private PromotionReport report() {
    long missing = Math.max(0, primaryAppended - end);
    String epoch = node.leads().orElseThrow().toString();
    String text =
        "this site leads group " + node.name() + " in epoch " + epoch + ", after lsn " + end + "; ";
    return new PromotionReport(
        epoch,
        end,
        missing,
        text
            + (missing == 0
                ? "every record that the old primary reported is here"
                : missing
                    + " records that the old primary reported, up to lsn "
                    + primaryAppended
                    + ", are not here"));
  }
}

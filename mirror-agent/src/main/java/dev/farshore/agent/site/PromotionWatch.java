package dev.farshore.agent.site;

import dev.farshore.agent.control.Answer;
import dev.farshore.agent.control.SiteOperations.PromotionReport;
import dev.farshore.agent.mirror.GroupNode;
import dev.farshore.agent.mirror.GroupSnapshot;
import dev.farshore.agent.mirror.GroupSnapshot.PromotionState;
import io.netty.channel.EventLoop;
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
  private String told = "";
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
    if (now.failure().isPresent()) {
      end(Answer.refused(Answer.Reason.FAILED, "the store failed: " + now.failure().get()));
    } else if (node.leads().isPresent() && SiteExports.serves(node)) {
      end(Answer.given(report()));
    } else if (node.leads().isPresent()) {
      again();
    } else if (now.promotion().isEmpty()) {
      end(Answer.refused(Answer.Reason.FAILED, "another site took the lead meanwhile"));
    } else if (now.promotion().get().step().equals("failed")) {
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
    if (!state.step().equals(told)) {
      told = state.step();
      progress.accept(
          switch (told) {
            case "asking-primary" -> "asking the primary to hand over";
            case "draining" -> "waiting until the link is silent";
            case "forcing" -> "making durable what arrived";
            default -> told;
          });
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

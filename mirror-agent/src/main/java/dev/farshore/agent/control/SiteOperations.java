package dev.farshore.agent.control;

import dev.farshore.agent.status.SiteStatus;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * What can be asked of a running site. May be called on any thread; the stages complete, and the
 * consumers are called, on the site's own thread, which must not be held up there.
 */
public interface SiteOperations {

  /** Nothing more to say than that it was done. */
  record Done() {}

  /**
   * What a promotion now would mean.
   *
   * @param primaryAnswers whether the primary is there, so that a planned switchover would lose
   *     nothing
   * @param knownMissingRecords records of which this site knows that it does not have them; there
   *     may be others of which it has not heard
   * @param text the same for people; also what cannot be known
   */
  record PromotionPreview(boolean primaryAnswers, long knownMissingRecords, String text) {}

  /**
   * A promotion that was done: this site leads.
   *
   * @param epoch the one that it opened
   * @param lsn last record before it
   * @param missingRecords records that the old primary had reported and that did not arrive
   * @param text the same for people
   */
  record PromotionReport(String epoch, long lsn, long missingRecords, String text) {}

  CompletionStage<SiteStatus> status();

  /** Changes nothing. */
  CompletionStage<Answer<PromotionPreview>> previewPromotion(String group);

  /**
   * Makes this site the group's primary.
   *
   * @param force without asking a primary that still answers
   * @param progress told of each step
   */
  CompletionStage<Answer<PromotionReport>> promote(
      String group, boolean force, Consumer<String> progress);

  CompletionStage<Answer<Done>> createVolume(String group, String name, long sizeBytes);

  CompletionStage<Answer<Done>> resizeVolume(String group, String name, long sizeBytes);

  CompletionStage<Answer<Done>> removeVolume(String group, String name);

  /** Begins to end the site cleanly; the process exits soon after. */
  void stop();
}

package dev.farshore.agent.mirror;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.log.record.Chain;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CommonPointTest {

  private static Optional<LogPosition> position(long lsn, boolean common, int site) {
    return Optional.of(new LogPosition(lsn, new Epoch(1, 1), new Chain(lsn, common ? 0 : site)));
  }

  @Test
  void findsEveryForkInFewQuestions() {
    for (long lowest = 0; lowest < 4; lowest++) {
      for (long highest = lowest + 1; highest < 70; highest++) {
        for (long fork = lowest; fork < highest; fork++) {
          CommonPoint search = new CommonPoint(lowest, highest);
          int questions = 0;
          while (!search.finished()) {
            long lsn = search.next();
            boolean common = lsn <= fork;
            search.compared(position(lsn, common, 1), position(lsn, common, 2));
            questions++;
          }
          assertEquals(Optional.of(fork), search.result());
          assertTrue(questions <= 9, questions + " questions for " + (highest - lowest));
        }
      }
    }
  }

  @Test
  void saysWhenThereIsNone() {
    CommonPoint search = new CommonPoint(5, 50);
    search.compared(position(5, false, 1), position(5, false, 2));
    assertTrue(search.finished());
    assertTrue(search.result().isEmpty());
  }

  @Test
  void aPositionThatOneSiteLacksIsNotCommon() {
    CommonPoint search = new CommonPoint(0, 1);
    search.compared(position(0, true, 1), Optional.empty());
    assertTrue(search.result().isEmpty());
  }
}

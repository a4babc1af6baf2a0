package dev.farshore.log;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.farshore.log.record.Change;
import dev.farshore.log.record.Epoch;
import dev.farshore.log.record.LogPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Any calls in any order, beside a model. */
abstract class RandomCallsContract extends LogContract {

  /** Appends, forces, frees, cuts, reads, closes and deaths at random, beside a model. */
  @Test
  void agreesWithAModelOverRandomCalls() throws IOException {
    for (long seed = 1; seed <= store.randomRuns(); seed++) {
      String name = "random-" + seed;
      try {
        randomCalls(name, new SplittableRandom(seed));
      } catch (AssertionError | RuntimeException | IOException e) {
        throw new AssertionError("seed " + seed + ": " + e, e);
      }
    }
    log = null;
  }

  private void randomCalls(String name, SplittableRandom random) throws IOException {
    use(store.create(name, LogPosition.START));
    List<Change> model = new ArrayList<>();
    List<Long> ends = new ArrayList<>(List.of(0L));
    int epoch = 1;
    for (int step = 0; step < 120; step++) {
      switch (random.nextInt(12)) {
        case 0, 1, 2, 3, 4 -> {
          List<Change> changes = new ArrayList<>();
          for (int i = random.nextInt(1, 5); i > 0; i--) {
            int length = random.nextInt(8) == 0 ? 40_000 : random.nextInt(1, 6000);
            changes.add(
                write(random.nextInt(4), random.nextInt(50_000), length, random.nextLong()));
          }
          log.append(changes, new Epoch(epoch, 1), step);
          model.addAll(changes);
          ends.add((long) model.size());
        }
        case 5 -> driver.write();
        case 6 -> driver.force();
        case 7 -> log.free(random.nextLong(Math.max(1, log.forced() - 20) + 1));
        case 8 -> {
          if (log.last().lsn() >= log.first()) {
            long lsn = random.nextLong(log.first(), log.last().lsn() + 1);
            Change.Write change = (Change.Write) model.get((int) lsn - 1);
            int length = random.nextInt(1, change.data().remaining() + 1);
            int from = random.nextInt(change.data().remaining() - length + 1);
            assertArrayEquals(
                Arrays.copyOfRange(change.data().array(), from, from + length),
                driver.payload(lsn, change.volume(), from, length));
          }
        }
        case 9 -> {
          log.close();
          use(store.open(name));
        }
        case 10 -> {
          driver.write();
          use(store.openAfterDeath(name));
        }
        default -> {
          long lsn = log.last().lsn() - random.nextInt(10);
          if (random.nextInt(4) == 0 && lsn >= log.first() - 1) {
            long end = log.cut(lsn, "aside").lsn();
            ends.removeIf(known -> known > lsn);
            long whole = ends.getLast() < log.first() - 1 ? log.first() - 1 : ends.getLast();
            assertEquals(whole, end);
            model.subList((int) end, model.size()).clear();
            epoch++;
          }
        }
      }
      assertEquals(model.size(), log.last().lsn());
    }
    driver.write();
    long lsn = log.first();
    for (byte[] record : driver.records(lsn, model.size())) {
      assertEquals(model.get((int) lsn - 1), view(record).change(), "lsn " + lsn);
      lsn++;
    }
    log.close();
  }
}

package dev.farshore.emulab.bench;

import dev.farshore.emulab.experiment.Experiment;
import dev.farshore.emulab.experiment.Point;
import dev.farshore.emulab.plan.Kinds;
import dev.farshore.emulab.plan.RunSeed;
import dev.farshore.emulab.results.Machine;
import dev.farshore.emulab.results.Product;
import dev.farshore.emulab.results.RunRecord;
import dev.farshore.emulab.results.SampleLog;
import dev.farshore.emulab.testbed.Testbed;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** One run of a point: on which thread it is done makes no difference to its samples. */
final class Run {

  private final Order order;
  private final Testbed testbed;
  private final Product product;
  private final Machine machine;

  /**
   * One that is to be done.
   *
   * @param attempt from 1
   */
  record Todo(Point point, int repetition, int attempt) {}

  /**
   * One that came to its end.
   *
   * @param fault more about why it is invalid; may be empty
   */
  record Ended(RunRecord record, SampleLog log, String fault) {}

  Run(Order order, Testbed testbed, Product product) {
    this.order = order;
    this.testbed = testbed;
    this.product = product;
    this.machine = ThisMachine.describe();
  }

  /**
   * @throws InterruptedException if the thread was interrupted: what it did says nothing then
   */
  Ended of(Todo todo) throws InterruptedException {
    Experiment experiment = order.plan().experiment();
    long planSeed = order.plan().runs().seed();
    long seed = RunSeed.of(experiment, planSeed, todo.point(), todo.repetition());
    SampleLog log = new SampleLog();
    String fault = "";
    String started = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();
    long start = System.nanoTime();
    try {
      experiment.run(todo.point(), seed, new WatchedTestbed(testbed, log), log);
    } catch (IOException e) {
      log.invalid("could not be run: " + e.getMessage());
      fault = trace(e);
    } catch (IllegalArgumentException e) {
      log.invalid("makes no sense: " + e.getMessage());
      fault = trace(e);
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    RunRecord record =
        new RunRecord(
            todo.point().values(),
            todo.repetition(),
            seed,
            Kinds.word(order.kind()),
            new RunRecord.Circumstances(product, machine, started, seconds, order.jobs()),
            log.invalid(),
            todo.attempt());
    return new Ended(record, log, fault);
  }

  private static String trace(Exception fault) {
    StringBuilder text = new StringBuilder();
    for (Throwable each = fault; each != null; each = each.getCause()) {
      text.append(each).append('\n');
      for (StackTraceElement line : each.getStackTrace()) {
        text.append("    at ").append(line).append('\n');
      }
    }
    return text.toString();
  }
}

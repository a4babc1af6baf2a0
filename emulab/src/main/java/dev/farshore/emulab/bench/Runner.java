package dev.farshore.emulab.bench;

import dev.farshore.emulab.experiment.Experiment;
import dev.farshore.emulab.experiment.Point;
import dev.farshore.emulab.plan.Kinds;
import dev.farshore.emulab.plan.RunSeed;
import dev.farshore.emulab.results.Machine;
import dev.farshore.emulab.results.ResultsDirectory;
import dev.farshore.emulab.results.RunRecord;
import dev.farshore.emulab.results.SampleLog;
import dev.farshore.emulab.testbed.Testbed;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs what is not there yet of a plan, one run after the other on the caller's thread: first all
 * points once, then all a second time, so that what is there gives whole curves at any time.
 */
public final class Runner {

  private record Todo(Point point, int repetition, int attempt) {}

  private final Order order;
  private final ResultsDirectory results;
  private final Testbed testbed;
  private final Machine machine = ThisMachine.describe();
  private final Progress progress;

  /**
   * @param results opened for the same plan, testbed and extent
   */
  public Runner(Order order, ResultsDirectory results, Testbed testbed, Progress progress) {
    this.order = order;
    this.results = results;
    this.testbed = testbed;
    this.progress = progress;
  }

  /**
   * @throws IOException if the results cannot be kept
   * @throws InterruptedException if the thread was interrupted; what was finished is kept
   */
  public Summary run() throws IOException, InterruptedException {
    Pace pace = new Pace();
    List<Todo> todos = new ArrayList<>();
    int before = 0;
    int invalid = 0;
    for (int repetition = 1; repetition <= order.extent().repetitions(); repetition++) {
      for (Point point : order.points()) {
        Optional<RunRecord> there = results.finished(point, repetition);
        boolean again = order.retryInvalid() && there.map(run -> !run.isValid()).orElse(false);
        if (there.isEmpty() || again) {
          todos.add(new Todo(point, repetition, there.map(RunRecord::attempt).orElse(0) + 1));
          pace.expect(point);
          continue;
        }
        before++;
        invalid += there.get().isValid() ? 0 : 1;
        pace.took(point, there.get().circumstances().seconds());
      }
    }
    int total = before + todos.size();
    int done = before;
    for (Todo todo : todos) {
      progress.begins(todo.point(), todo.repetition(), done, total, pace.remaining());
      RunRecord record = run(todo);
      pace.ran(todo.point(), record.circumstances().seconds());
      progress.ended(record);
      done++;
      invalid += record.isValid() ? 0 : 1;
    }
    return new Summary(total, before, invalid);
  }

  private RunRecord run(Todo todo) throws IOException, InterruptedException {
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
      // What it did after that, an exception or an early end, says nothing.
      throw new InterruptedException();
    }
    RunRecord record =
        new RunRecord(
            todo.point().values(),
            todo.repetition(),
            seed,
            Kinds.word(order.kind()),
            new RunRecord.Circumstances(results.about().product(), machine, started, seconds),
            log.invalid(),
            todo.attempt());
    results.keep(record, log, fault);
    return record;
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

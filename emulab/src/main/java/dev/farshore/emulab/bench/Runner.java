package dev.farshore.emulab.bench;

import dev.farshore.emulab.experiment.Point;
import dev.farshore.emulab.results.ResultsDirectory;
import dev.farshore.emulab.results.RunRecord;
import dev.farshore.emulab.testbed.Testbed;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Runs what is not there yet of a plan: begins first all points once, then all a second time, so
 * that what is there gives whole curves at any time. As many as the order allows go on beside each
 * other, each on a thread of its own; the caller's thread begins them, and keeps what they gave.
 * What is kept of a run depends neither on how many there are nor on which ends first.
 */
public final class Runner {

  private final Order order;
  private final ResultsDirectory results;
  private final Run run;
  private final Progress progress;
  private final Pace pace;
  private final List<Run.Todo> todos = new ArrayList<>();
  private int before;
  private int done;
  private int invalid;

  /**
   * @param results opened for the same plan, testbed and extent
   */
  public Runner(Order order, ResultsDirectory results, Testbed testbed, Progress progress) {
    this.order = order;
    this.results = results;
    this.run = new Run(order, testbed, results.about().product());
    this.progress = progress;
    this.pace = new Pace(order.jobs());
  }

  /**
   * @throws IOException if the results cannot be kept
   * @throws InterruptedException if the thread was interrupted; what was finished is kept
   */
  public Summary run() throws IOException, InterruptedException {
    plan();
    int next = 0;
    // Whoever runs live has processes and namespaces to take down.
    boolean patient = order.kind() == Testbed.Kind.LIVE;
    try (Crew<Run.Ended> crew = new Crew<>(order.jobs(), patient)) {
      while (next < todos.size() || crew.busy() > 0) {
        while (next < todos.size() && crew.busy() < order.jobs()) {
          Run.Todo todo = todos.get(next++);
          progress.begins(todo.point(), todo.repetition(), standing());
          pace.began(todo.point(), System.nanoTime());
          crew.begin(() -> run.of(todo));
        }
        keep(crew.take());
      }
    }
    return new Summary(before + todos.size(), before, invalid);
  }

  private void plan() throws IOException {
    for (int repetition = 1; repetition <= order.extent().repetitions(); repetition++) {
      for (Point point : order.points()) {
        Optional<RunRecord> there = results.finished(point, repetition);
        boolean again = order.retryInvalid() && there.map(one -> !one.isValid()).orElse(false);
        if (there.isEmpty() || again) {
          int attempt = there.map(RunRecord::attempt).orElse(0) + 1;
          todos.add(new Run.Todo(point, repetition, attempt));
          pace.expect(point);
          continue;
        }
        before++;
        invalid += there.get().isValid() ? 0 : 1;
        pace.took(point, there.get().circumstances().seconds());
      }
    }
    done = before;
  }

  private void keep(Run.Ended ended) throws IOException {
    RunRecord record = ended.record();
    results.keep(record, ended.log(), ended.fault());
    pace.ended(record.point(), record.circumstances().seconds());
    done++;
    invalid += record.isValid() ? 0 : 1;
    progress.ended(record, standing());
    tidy();
  }

  /**
   * What a run held, disks above all, becomes garbage all at once, and is not young any more: left
   * to itself the heap grows to its limit before that is collected. To touch so much memory takes
   * longer than to collect it.
   */
  private void tidy() {
    Runtime runtime = Runtime.getRuntime();
    long used = runtime.totalMemory() - runtime.freeMemory();
    if (used > order.jobs() * order.plan().runs().memory().full()) {
      System.gc();
    }
  }

  private Progress.Standing standing() {
    return new Progress.Standing(done, before + todos.size(), pace.remaining(System.nanoTime()));
  }
}

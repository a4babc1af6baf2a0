package dev.farshore.emulab.results;

import dev.farshore.emulab.experiment.Samples;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Keeps what a run says, in its order. Belongs to the thread of the run. */
public final class SampleLog implements Samples {

  private static final Pattern METRIC = Pattern.compile("[a-z0-9][a-z0-9.+-]{0,59}");

  private final List<Sample> samples = new ArrayList<>();
  private final List<Sample> machine = new ArrayList<>();
  private final Set<Sample> said = new HashSet<>();
  private final Set<String> sampleMetrics = new HashSet<>();
  private final Set<String> machineMetrics = new HashSet<>();
  private String invalid = "";

  @Override
  public void add(String metric, double value) {
    keep(new Sample(metric, Optional.empty(), value));
  }

  @Override
  public void add(String metric, double at, double value) {
    if (!Double.isFinite(at)) {
      throw new IllegalArgumentException(metric + " at " + at + ": the place is not finite");
    }
    keep(new Sample(metric, Optional.of(at + 0.0), value));
  }

  private void keep(Sample sample) {
    check(sample, machineMetrics);
    sampleMetrics.add(sample.metric());
    samples.add(sample);
  }

  @Override
  public void machine(String metric, double value) {
    Sample sample = new Sample(metric, Optional.empty(), value);
    check(sample, sampleMetrics);
    machineMetrics.add(metric);
    machine.add(sample);
  }

  private void check(Sample sample, Set<String> others) {
    String metric = sample.metric();
    if (!METRIC.matcher(metric).matches()) {
      throw new IllegalArgumentException("'" + metric + "' is not the name of a metric");
    }
    if (!Double.isFinite(sample.value())) {
      throw new IllegalArgumentException(metric + " is " + sample.value());
    }
    if (others.contains(metric)) {
      throw new IllegalArgumentException(metric + " is a sample and a figure of the machine");
    }
    if (!said.add(new Sample(metric, sample.at(), 0))) {
      throw new IllegalArgumentException(
          metric + sample.at().map(at -> " at " + at).orElse("") + " is said twice");
    }
  }

  @Override
  public void invalid(String reason) {
    if (reason.isBlank()) {
      throw new IllegalArgumentException("a run is invalid for a reason");
    }
    if (invalid.isEmpty()) {
      invalid = reason.strip();
    }
  }

  /** Why the run must not be used; empty if it may be. */
  public String invalid() {
    return invalid;
  }

  public List<Sample> samples() {
    return samples;
  }

  public List<Sample> machine() {
    return machine;
  }
}

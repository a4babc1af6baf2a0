package dev.farshore.emulab.experiment;

import dev.farshore.emulab.testbed.Testbed;
import dev.farshore.emulab.testbed.Testbed.Kind;
import dev.farshore.emulab.testbed.Trial;
import dev.farshore.emulab.testbed.sim.SimulatedTestbed;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How goodput, processor time and memory grow with rate, groups and distance. Simulated only: what
 * is measured of the machine is the whole simulation, both sites and the wire between them.
 */
final class ScaleExperiment implements Experiment {
  private static final double NANOS_PER_SECOND = 1e9;
  private static final double MEBI = 1 << 20;

  @Override
  public String name() {
    return "scale";
  }

  @Override
  public List<Input> inputs() {
    return Trials.inputs(
        new Input("testers", "at the primary, spread over the groups", "1024"),
        new Input("settle", "load before what is measured", "1s"),
        new Input("measured", "load that is measured", "1s"));
  }

  @Override
  public Set<Kind> testbeds() {
    return Set.of(Kind.SIM);
  }

  /** Memory is that of the process; and runs beside it would be in the way of its processor. */
  @Override
  public boolean weighsMachine() {
    return true;
  }

  /**
   * Beside what {@link Trials#say} says: {@code goodput-per-group}, Mbit/s; {@code packet-events};
   * of the machine {@code processor}, seconds, {@code processor-per-event}, nanoseconds, and {@code
   * memory}, MiB that the whole simulation holds at its end.
   *
   * @param testbed not used: it is a simulated one, which is asked for more than an outcome
   */
  @Override
  public void run(Point point, long seed, Testbed testbed, Samples samples) throws IOException {
    Trial trial = Trials.of(point, Optional.empty());
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadCpuTime();
    SimulatedTestbed.Weighed weighed = new SimulatedTestbed().weigh(trial, seed);
    double processor = threads.getCurrentThreadCpuTime() - before;
    Trials.say(trial, weighed.outcome(), samples);
    samples.add("goodput-per-group", weighed.outcome().goodputBits() / 1e6 / trial.load().groups());
    samples.add("packet-events", weighed.packetEvents());
    samples.machine("processor", processor / NANOS_PER_SECOND);
    samples.machine("processor-per-event", processor / weighed.packetEvents());
    samples.machine("memory", weighed.memoryBytes() / MEBI);
  }
}

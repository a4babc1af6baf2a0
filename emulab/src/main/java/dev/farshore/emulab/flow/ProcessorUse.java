package dev.farshore.emulab.flow;

import dev.farshore.emulab.tun.TunWan;
import java.io.IOException;

/** How busy the processors are while something is measured: all of them, and the emulated WAN. */
public final class ProcessorUse implements FlowSpan.Observer {
  private final TunWan wan;
  private Moment begin;
  private Moment end;

  private record Moment(long nanos, long wanNanos, ProcessorTimes times) {}

  public ProcessorUse(TunWan wan) {
    this.wan = wan;
  }

  @Override
  public void begins() throws IOException {
    begin = now();
  }

  @Override
  public void ends() throws IOException {
    end = now();
  }

  private Moment now() throws IOException {
    return new Moment(System.nanoTime(), wan.processorNanos(), ProcessorTimes.now());
  }

  /** Share of all processors of this machine that were busy, with whatever; 0 to 1. */
  public double machine() {
    return end.times.shareSince(begin.times);
  }

  /** Share of one processor that the emulated WAN took; 0 to 1. */
  public double wan() {
    return (double) (end.wanNanos - begin.wanNanos) / (end.nanos - begin.nanos);
  }
}

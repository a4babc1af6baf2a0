package dev.farshore.emulab.flow;

import dev.farshore.emulab.tun.TunWan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** How busy the processors are while something is measured: all of them, and the emulated WAN. */
public final class ProcessorUse implements FlowSpan.Observer {
  private static final Path STATISTICS = Path.of("/proc/stat");
  private static final int IDLE = 3;
  private static final int WAITING = 4;
  private static final int KINDS = 8;

  private final TunWan wan;
  private Moment begin;
  private Moment end;

  /**
   * @param busy jiffies of all processors that something ran in
   * @param all jiffies of all processors
   */
  private record Moment(long nanos, long wanNanos, long busy, long all) {}

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
    String first = Files.readString(STATISTICS).lines().findFirst().orElseThrow();
    long[] kinds =
        Arrays.stream(first.split("\\s+"))
            .skip(1)
            .limit(KINDS)
            .mapToLong(Long::parseLong)
            .toArray();
    long all = Arrays.stream(kinds).sum();
    long busy = all - kinds[IDLE] - kinds[WAITING];
    return new Moment(System.nanoTime(), wan.processorNanos(), busy, all);
  }

  /** Share of all processors of this machine that were busy, with whatever; 0 to 1. */
  public double machine() {
    return (double) (end.busy - begin.busy) / Math.max(1, end.all - begin.all);
  }

  /** Share of one processor that the emulated WAN took; 0 to 1. */
  public double wan() {
    return (double) (end.wanNanos - begin.wanNanos) / (end.nanos - begin.nanos);
  }
}

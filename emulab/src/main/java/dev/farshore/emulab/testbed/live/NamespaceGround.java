package dev.farshore.emulab.testbed.live;

import dev.farshore.agent.config.Address;
import dev.farshore.emulab.testbed.Trial;
import dev.farshore.emulab.tun.Namespace;
import dev.farshore.emulab.tun.TunReport;
import dev.farshore.emulab.tun.TunSettings;
import dev.farshore.emulab.tun.TunWan;
import dev.farshore.emulab.wan.Direction;
import dev.farshore.link.model.LinkCounters;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Two network namespaces of this machine, joined by the emulated WAN. Needs root. */
final class NamespaceGround implements Ground {
  private final TunSettings settings;
  private Optional<TunWan> wan = Optional.empty();

  NamespaceGround(Trial trial, long seed) {
    String name = "emulab-" + ProcessHandle.current().pid() + "-";
    this.settings =
        TunSettings.between(
            new Namespace(name + Side.WEST), new Namespace(name + Side.EAST), trial.wire(), seed);
  }

  @Override
  public Wire wire() {
    TunWan started = TunWan.start(settings);
    wan = Optional.of(started);
    return new TunWire(started);
  }

  private record TunWire(TunWan wan) implements Wire {
    @Override
    public void obey(String order) {
      wan.obey(order);
    }

    /** The thread that moves the packets says when. */
    @Override
    public Cut cut(boolean severed) {
      return new Cut(wan.cut(severed), 0);
    }

    @Override
    public Reading read() {
      TunReport report = wan.report();
      LinkCounters packets = report.of(Direction.FORWARD).packets().datagrams();
      return new Reading(
          packets.offeredPackets(),
          packets.offeredBytes(),
          packets.droppedInAll(),
          invalid(report));
    }

    private static String invalid(TunReport report) {
      if (report.isValid()) {
        return "";
      }
      return report.failure().isEmpty()
          ? "packets were lost outside of the emulated link"
          : report.failure();
    }
  }

  @Override
  public SiteFiles.Place place(Side side, Path home) {
    return new SiteFiles.Place(
        new Address.Internet(end(side).address(), SiteFiles.LINK_PORT),
        new Address.Internet(end(side.other()).address(), SiteFiles.LINK_PORT),
        home);
  }

  private TunSettings.End end(Side side) {
    return side == Side.WEST ? settings.near() : settings.far();
  }

  @Override
  public Child start(SiteFiles files, int heapMebibytes) throws IOException {
    Path output = files.output();
    ProcessBuilder builder = Child.builder(JavaCommand.ofAgent(files, heapMebibytes), output);
    // A child is in the namespace of the thread that starts it.
    Process process = end(files.side()).namespace().in(builder::start);
    return new Child(files.side().toString(), output, process);
  }

  @Override
  public void close() {
    wan.ifPresent(TunWan::close);
  }
}

package dev.farshore.agent.status;

import dev.farshore.agent.status.GroupStatus.Copy;
import dev.farshore.agent.status.GroupStatus.Exposure;
import dev.farshore.agent.status.GroupStatus.Flow;
import dev.farshore.agent.status.GroupStatus.Lag;
import dev.farshore.agent.status.GroupStatus.Peer;
import dev.farshore.agent.status.GroupStatus.Volume;
import dev.farshore.agent.status.GroupStatus.Wire;
import dev.farshore.appliance.volume.Watermarks;
import java.util.Locale;

/**
 * Status for people, in labelled lines that {@code grep} finds. The lines {@code why} and {@code
 * action} stand there only when something is wrong.
 */
public final class StatusText {
  private final StringBuilder out = new StringBuilder();

  private StatusText() {}

  public static String render(SiteStatus site) {
    StatusText text = new StatusText();
    text.line(
        "site",
        site.site()
            + "  number:"
            + site.number()
            + " pid:"
            + site.pid()
            + " version:"
            + site.version()
            + " data:"
            + site.data());
    site.groups().forEach(text::group);
    return text.out.toString();
  }

  private void group(GroupStatus group) {
    line("group", group.name());
    line("health", group.verdict().health().word());
    if (!group.verdict().why().isEmpty()) {
      line("why", group.verdict().why());
    }
    if (!group.verdict().action().isEmpty()) {
      line("action", group.verdict().action());
    }
    line(
        "role",
        group.standing().role().word()
            + " epoch:"
            + group.standing().epoch()
            + " mode:"
            + group.standing().mode());
    peer(group.peer());
    flow(group.flow());
    GroupStatus.Space space = group.holding().space();
    line(
        "log",
        "retained:"
            + Human.bytes(space.retainedBytes())
            + " quota:"
            + Human.bytes(space.quotaBytes())
            + " on-quota:"
            + space.onQuota());
    group.holding().volumes().forEach(this::volume);
    group.holding().notes().forEach(note -> line("note", note));
  }

  private void peer(Peer peer) {
    line(
        "peer",
        peer.name()
            + " link:"
            + (peer.connected() ? "up" : "down")
            + " replication:"
            + peer.replication().word()
            + " round-trip:"
            + (peer.roundTripSeconds() > 0 ? Human.seconds(peer.roundTripSeconds()) : "unknown"));
  }

  private void flow(Flow flow) {
    Lag lag = flow.lag();
    line(
        "lag",
        "records:"
            + lag.records()
            + (lag.bytes().isPresent() ? " bytes:" + Human.bytes(lag.bytes().getAsLong()) : "")
            + " time:"
            + Human.seconds(lag.seconds()));
    Watermarks marks = flow.marks();
    line(
        "marks",
        "appended:"
            + marks.appended()
            + " forced:"
            + marks.forced()
            + " sent:"
            + marks.sent()
            + " covered:"
            + marks.covered()
            + " received:"
            + marks.received()
            + " mirrored:"
            + marks.mirrored());
    Wire wire = flow.wire();
    line(
        "wire",
        "loss:"
            + Human.share(wire.loss())
            + " longest-burst:"
            + wire.longestBurst()
            + " repaired:"
            + wire.packets().repaired()
            + " resent:"
            + wire.packets().resent()
            + " overhead:"
            + Human.share(wire.overhead())
            + " sent-means:"
            + wire.sentMeans().words().replace(' ', '-'));
    flow.exposure().ifPresent(this::exposure);
    flow.copy().ifPresent(this::copy);
  }

  private void exposure(Exposure exposure) {
    line(
        "at-risk",
        "bytes:"
            + Human.bytes(exposure.bytes())
            + " time:"
            + Human.seconds(exposure.seconds())
            + (exposure.lossChance().isPresent()
                ? " chance:"
                    + String.format(Locale.ROOT, "%.1e", exposure.lossChance().getAsDouble())
                : ""));
  }

  private void copy(Copy copy) {
    double share = copy.totalBytes() == 0 ? 1 : (double) copy.doneBytes() / copy.totalBytes();
    line(
        "copy",
        "done:"
            + Human.bytes(copy.doneBytes())
            + " of:"
            + Human.bytes(copy.totalBytes())
            + " share:"
            + Human.share(share));
  }

  private void volume(Volume volume) {
    line(
        "volume",
        volume.name()
            + " size:"
            + Human.bytes(volume.sizeBytes())
            + (volume.writable() ? " writable" : " read-only")
            + (volume.addresses().isEmpty() ? "" : " " + String.join(" ", volume.addresses())));
  }

  private void line(String label, String value) {
    out.append(String.format(Locale.ROOT, "%8s: %s\n", label, value));
  }
}

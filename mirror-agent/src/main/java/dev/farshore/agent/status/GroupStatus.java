package dev.farshore.agent.status;

import dev.farshore.appliance.volume.Watermarks;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * A group at one site, at one moment.
 *
 * @param verdict its health, and what to do about it
 */
public record GroupStatus(
    String name, Verdict verdict, Standing standing, Peer peer, Flow flow, Holding holding) {

  /**
   * @param epoch as {@link dev.farshore.log.record.Epoch} prints it
   * @param mode as in the configuration, with its coverage: {@code network (2 of 3 layers)}
   */
  public record Standing(Role role, String epoch, String mode) {}

  /**
   * The other site.
   *
   * @param roundTripSeconds 0 before it was measured
   */
  public record Peer(
      String name, boolean connected, Replication replication, double roundTripSeconds) {}

  /**
   * What flows between the sites.
   *
   * @param exposure at the primary; only it knows what it has answered
   * @param copy present while base images are copied, in either direction
   */
  public record Flow(
      Watermarks marks, Lag lag, Wire wire, Optional<Exposure> exposure, Optional<Copy> copy) {}

  /**
   * What is appended at the primary and not mirrored, as far as this site knows.
   *
   * @param bytes only the primary knows them
   * @param seconds since the mirror last had everything; 0 if it has
   */
  public record Lag(long records, OptionalLong bytes, double seconds) {}

  /**
   * What the link measured since the session began.
   *
   * @param loss share of packets, data and repair, that did not arrive, 0 to 1
   * @param packets what was sent, or at a mirror what came
   * @param overhead repair and resent bytes, as a share of the data's: 0.375 for 3 on 8
   * @param sentMeans how sure "sent" is
   */
  public record Wire(
      double loss, long longestBurst, Packets packets, double overhead, SentMeans sentMeans) {}

  /**
   * Packets of a link.
   *
   * @param data the first time
   * @param repaired that the code restored
   * @param resent data packets sent again
   */
  public record Packets(long data, long repair, long repaired, long resent) {
    public static final Packets NONE = new Packets(0, 0, 0, 0);
  }

  /** What is known of a datagram that counts as sent. */
  public enum SentMeans {
    LEFT_THE_HOST("left the host"),
    /** This host cannot tell what its queue still holds. */
    GIVEN_TO_OUR_KERNEL("given to our kernel");

    private final String words;

    SentMeans(String words) {
      this.words = words;
    }

    /** As it is printed. */
    public String words() {
      return words;
    }
  }

  /**
   * What has been answered and is not confirmed by the mirror.
   *
   * @param lossChance the chance that an answered record would be lost if the site died now; empty
   *     where it is not computed
   */
  public record Exposure(long bytes, double seconds, OptionalDouble lossChance) {}

  /** A copy of base images that is under way. */
  public record Copy(long doneBytes, long totalBytes) {}

  /**
   * What the group has at this site.
   *
   * @param notes what happened here that an operator should know: what recovery cut, which tails
   *     lie aside
   */
  public record Holding(Space space, List<Volume> volumes, List<String> notes) {
    public Holding {
      volumes = List.copyOf(volumes);
      notes = List.copyOf(notes);
    }
  }

  /**
   * The log on this site's disk.
   *
   * @param onQuota what happens at the quota, as in the configuration
   */
  public record Space(long retainedBytes, long quotaBytes, String onQuota) {}

  /**
   * @param addresses where clients find it: {@code nbd://…}
   */
  public record Volume(String name, long sizeBytes, boolean writable, List<String> addresses) {
    public Volume {
      addresses = List.copyOf(addresses);
    }
  }
}

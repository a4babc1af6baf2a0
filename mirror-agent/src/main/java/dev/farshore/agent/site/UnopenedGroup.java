package dev.farshore.agent.site;

import dev.farshore.agent.config.GroupConfig;
import dev.farshore.agent.status.GroupFacts;
import dev.farshore.agent.status.GroupFacts.Failure;
import dev.farshore.agent.status.GroupFacts.Protection;
import dev.farshore.agent.status.GroupStatus;
import dev.farshore.agent.status.GroupStatus.Flow;
import dev.farshore.agent.status.GroupStatus.Holding;
import dev.farshore.agent.status.GroupStatus.Lag;
import dev.farshore.agent.status.GroupStatus.Packets;
import dev.farshore.agent.status.GroupStatus.Peer;
import dev.farshore.agent.status.GroupStatus.SentMeans;
import dev.farshore.agent.status.GroupStatus.Space;
import dev.farshore.agent.status.GroupStatus.Standing;
import dev.farshore.agent.status.GroupStatus.Wire;
import dev.farshore.agent.status.HealthRule;
import dev.farshore.agent.status.Replication;
import dev.farshore.agent.status.Role;
import dev.farshore.appliance.volume.Watermarks;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A group of this site that could not be opened, beside others that could: nothing is served from
 * it, and nothing of it is touched until the site starts again.
 *
 * @param directory where it lies
 * @param reason what the disk said
 */
record UnopenedGroup(GroupConfig config, Path directory, String reason) {

  String name() {
    return config.name();
  }

  /** Why a command about it is refused. */
  String refusal() {
    return "group " + name() + " could not be opened at this site: " + reason;
  }

  GroupStatus status() {
    GroupFacts facts =
        new GroupFacts(
            Role.NONE,
            Optional.of(new Failure(Failure.Kind.NOT_OPENED, reason)),
            Optional.empty(),
            false,
            false,
            Replication.IDLE,
            Protection.AS_PROMISED,
            0,
            0,
            Optional.empty(),
            Optional.empty());
    Flow flow =
        new Flow(
            Watermarks.NONE,
            new Lag(0, OptionalLong.empty(), 0),
            new Wire(0, 0, Packets.NONE, 0, SentMeans.GIVEN_TO_OUR_KERNEL),
            Optional.empty(),
            Optional.empty());
    return new GroupStatus(
        name(),
        HealthRule.judge(name(), config.peer(), facts),
        new Standing(Role.NONE, "unknown", "unknown"),
        new Peer(config.peer(), false, Replication.IDLE, 0),
        flow,
        new Holding(
            new Space(0, config.storage().quotaBytes(), "unknown"),
            List.of(),
            List.of("the group lies in " + directory + " and is left alone until the next start")));
  }
}

package dev.farshore.agent.mirror;

import dev.farshore.log.group.GroupStore;
import java.io.IOException;
import java.util.Optional;

/** Where a group's store is at this site. Both calls block. */
public interface GroupStorage {

  /** Opens what is on disk, recovering it; empty if this site has never held the group. */
  Optional<GroupStore> open() throws IOException;

  /** Makes an empty store for a group. */
  GroupStore create(long groupId) throws IOException;
}

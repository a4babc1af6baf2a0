package dev.farshore.agent.mirror;

/** What a site does for a group at present: it leads or it follows. Owned by the group's thread. */
sealed interface GroupRole permits Primary, Mirror {

  /** Does bounded work; true if it should be called again at once. */
  boolean poll(long nowNanos);

  long nextDeadlineNanos();

  /** Ends the role; what waits is failed with the reason. */
  void close(String reason);
}

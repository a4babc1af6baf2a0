package dev.farshore.agent.mirror;

/** What has to be true before a write is answered (design, "What a reply promises"). */
public sealed interface SyncMode {

  /** Appended to the local log. */
  record Local() implements SyncMode {}

  /**
   * Appended, and every datagram that carries it has left this host, with the repair packets of the
   * first {@code level} layers.
   *
   * @param level 0 for data alone, up to the number of layers of the link's code
   */
  record Network(int level) implements SyncMode {}

  /** Appended here and forced to disk at the mirror. */
  record Remote() implements SyncMode {}
}

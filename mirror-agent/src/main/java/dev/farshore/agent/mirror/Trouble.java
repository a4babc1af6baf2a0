package dev.farshore.agent.mirror;

/** Why a group serves nothing at a site that it cannot vouch for. */
public sealed interface Trouble {

  /** For people: what happened. */
  String text();

  /** The store takes no more changes. */
  record StoreFailed(String text) implements Trouble {}

  /** The log lacks records that were forced here: its disk, or whoever put it back, lied. */
  record RecordsLost(String text) implements Trouble {}
}

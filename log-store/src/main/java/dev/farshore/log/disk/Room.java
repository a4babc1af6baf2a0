package dev.farshore.log.disk;

/** What becomes of the room that a cleared range took. */
public enum Room {
  /** The range keeps it. */
  KEEP,
  /** The file system may use it for something else. */
  GIVE_UP
}

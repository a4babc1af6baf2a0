package dev.farshore.agent.command;

import dev.farshore.agent.control.Answer;

/** What the commands exit with. 130 and 143 are the shell's, for SIGINT and SIGTERM. */
final class ExitCode {
  static final int OK = 0;
  static final int FAILED = 1;

  /** Wrong arguments, or a configuration that is refused. */
  static final int USAGE = 2;

  /** Done, but not for all: some site does not answer, or some group is not healthy. */
  static final int PARTIAL = 3;

  /** No such site, group or volume. */
  static final int NOT_FOUND = 10;

  /** The data directory is locked: the site runs already. */
  static final int RUNNING = 11;

  /** The group is not in the state that this needs. */
  static final int WRONG_STATE = 13;

  /** Waited too long. */
  static final int TIMEOUT = 14;

  private ExitCode() {}

  static int of(Answer.Reason reason) {
    return switch (reason) {
      case INVALID -> USAGE;
      case NOT_FOUND -> NOT_FOUND;
      case WRONG_STATE -> WRONG_STATE;
      case FAILED -> FAILED;
    };
  }
}

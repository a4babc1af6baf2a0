package dev.farshore.agent.control;

import java.util.Locale;

/** What became of a request. */
public sealed interface Answer<T> {

  /** It was done. */
  record Given<T>(T value) implements Answer<T> {}

  /** It was not done, and nothing has changed. */
  record Refused<T>(Reason reason, String text) implements Answer<T> {}

  /** Why; the command line has an exit code for each. */
  enum Reason {
    /** The request itself makes no sense. */
    INVALID,
    /** There is no group or volume of that name. */
    NOT_FOUND,
    /** The group is not in the state that this needs. */
    WRONG_STATE,
    /** It was tried, and went wrong. */
    FAILED;

    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  static <T> Answer<T> given(T value) {
    return new Given<>(value);
  }

  static <T> Answer<T> refused(Reason reason, String text) {
    return new Refused<>(reason, text);
  }
}

package dev.farshore.emulab.tun;

import java.time.Instant;
import java.util.Optional;

/**
 * Names a process so that another one with its number is not taken for it.
 *
 * @param started when, as the system says it; "unknown" where it does not
 */
public record ProcessMark(long number, String started) {

  public static ProcessMark of(ProcessHandle process) {
    return new ProcessMark(process.pid(), started(process));
  }

  /** Reads what {@link #toString} has written; empty if that is not what it is. */
  public static Optional<ProcessMark> parse(String text) {
    String[] words = text.strip().split(" ");
    return words.length == 2 && words[0].matches("[0-9]{1,18}")
        ? Optional.of(new ProcessMark(Long.parseLong(words[0]), words[1]))
        : Optional.empty();
  }

  private static String started(ProcessHandle process) {
    return process.info().startInstant().map(Instant::toString).orElse("unknown");
  }

  /** The process, if it runs. */
  public Optional<ProcessHandle> process() {
    return ProcessHandle.of(number).filter(one -> started(one).equals(started));
  }

  @Override
  public String toString() {
    return number + " " + started;
  }
}

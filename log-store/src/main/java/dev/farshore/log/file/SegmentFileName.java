package dev.farshore.log.file;

import java.util.OptionalInt;

/** Names of segment files: {@code <log>.<8 digits>.segment}. */
final class SegmentFileName {

  private static final String SUFFIX = ".segment";

  private SegmentFileName() {}

  static String of(String log, int file) {
    return String.format("%s.%08d%s", log, file, SUFFIX);
  }

  /** The file number in a name; empty if it is not that of a segment file of this log. */
  static OptionalInt fileNumber(String log, String name) {
    String start = log + ".";
    int digits = name.length() - start.length() - SUFFIX.length();
    if (digits < 8 || digits > 9 || !name.startsWith(start) || !name.endsWith(SUFFIX)) {
      return OptionalInt.empty();
    }
    String number = name.substring(start.length(), start.length() + digits);
    return number.chars().allMatch(c -> c >= '0' && c <= '9')
        ? OptionalInt.of(Integer.parseInt(number))
        : OptionalInt.empty();
  }
}

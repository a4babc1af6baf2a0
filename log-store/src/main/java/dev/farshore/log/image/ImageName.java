package dev.farshore.log.image;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of the two files of a base image.
 *
 * @param volume number of the volume
 * @param generation images of one generation belong together; a group's images are replaced by
 *     those of the next
 */
public record ImageName(int volume, long generation) {
  private static final Pattern FILE =
      Pattern.compile("volume-(\\d{1,9})\\.g(\\d{1,18})\\.(img|sums)");

  /** The raw bytes of the volume. */
  public String image() {
    return "volume-" + volume + ".g" + generation + ".img";
  }

  /** The checksums beside them. */
  public String sums() {
    return "volume-" + volume + ".g" + generation + ".sums";
  }

  /** The image that a file belongs to; empty if it is no file of an image. */
  public static Optional<ImageName> ofFile(String name) {
    Matcher matcher = FILE.matcher(name);
    return matcher.matches()
        ? Optional.of(
            new ImageName(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }
}

package dev.farshore.emulab.results;

import dev.farshore.emulab.experiment.Point;
import dev.farshore.emulab.plan.Extent;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.stream.Collectors;

/** The directory of a point: what varies, for people, and a digest of all inputs. */
final class RunName {

  private static final int LENGTH_MAX = 120;
  private static final int DIGEST_BYTES = 5;

  private RunName() {}

  static String of(Extent extent, Point point) {
    String varied =
        extent.varied().keySet().stream()
            .map(input -> input + "=" + point.text(input))
            .collect(Collectors.joining(","))
            .replaceAll("[^A-Za-z0-9=,.%+-]", "_");
    String shown = varied.isEmpty() ? "all" : varied;
    return shown.substring(0, Math.min(shown.length(), LENGTH_MAX)) + "." + digest(point);
  }

  private static String digest(Point point) {
    byte[] text = point.values().toString().getBytes(StandardCharsets.UTF_8);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text);
      return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

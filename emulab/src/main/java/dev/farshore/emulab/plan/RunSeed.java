package dev.farshore.emulab.plan;

import dev.farshore.emulab.experiment.Experiment;
import dev.farshore.emulab.experiment.Point;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * The seed of a run: the first 63 bits of a SHA-256 over the plan's seed, the repetition, and the
 * inputs that differ from their usual values. So it stays when a plan gets more points, or an
 * experiment more inputs.
 */
public final class RunSeed {

  private RunSeed() {}

  /**
   * @param repetition from 1
   * @return 0 or more
   */
  public static long of(Experiment experiment, long planSeed, Point point, int repetition) {
    StringBuilder text = new StringBuilder();
    text.append(experiment.name()).append('\n').append(planSeed).append('\n').append(repetition);
    experiment.inputs().stream()
        .filter(input -> !point.text(input.name()).equals(input.usual()))
        .map(input -> input.name() + '=' + point.text(input.name()))
        .sorted()
        .forEach(line -> text.append('\n').append(line));
    return ByteBuffer.wrap(sha256(text.toString())).getLong() >>> 1;
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

package dev.farshore.link.code;

import dev.farshore.link.packet.ErasureCode;
import dev.farshore.link.packet.Recipe;

/**
 * One layer of a code.
 *
 * @param index 0 for the first
 * @param data members of a full group
 * @param repairs repairs of a group
 * @param stride distance of the members in data packets, which is the number of open groups too
 * @param separationNanos the repairs of a group leave that long after its last member, or later; 0
 *     in a layer without burst promise
 */
public record Layer(
    int index, ErasureCode code, int data, int repairs, int stride, long separationNanos) {

  public Layer {
    if (!Recipe.isValid(0, stride, index, code, data, repairs, 1) || separationNanos < 0) {
      throw new IllegalArgumentException("no layer: " + index + " " + code + " " + stride);
    }
  }

  /** How many data packets lie between the first and the last member of a full group, both in. */
  public int spanPackets() {
    return (data - 1) * stride + 1;
  }

  Recipe recipe(long first, int members) {
    return new Recipe(first, stride, index, code, data, repairs, members);
  }
}

package dev.farshore.link.packet;

/**
 * Which data packets a coding group holds, and how they are coded. Members are {@code first},
 * {@code first + stride}, and so on.
 *
 * @param first sequence of the first member
 * @param stride 1 to 65535
 * @param layer layer of the code that the group belongs to, 0 first
 * @param data members of a full group
 * @param repairs repairs of the group
 * @param members members of this group, 1 to {@code data}; it may have been closed early
 */
public record Recipe(
    long first, int stride, int layer, ErasureCode code, int data, int repairs, int members) {

  public static final int MAX_STRIDE = 0xffff;
  public static final int MAX_SHARDS = 256;

  public Recipe {
    if (!isValid(first, stride, layer, code, data, repairs, members)) {
      throw new IllegalArgumentException(
          "no recipe: first %d stride %d layer %d code %s data %d repairs %d members %d"
              .formatted(first, stride, layer, code, data, repairs, members));
    }
  }

  /** Whether these values make a recipe. */
  public static boolean isValid(
      long first, int stride, int layer, ErasureCode code, int data, int repairs, int members) {
    return first >= 0
        && first <= Long.MAX_VALUE - MAX_SHARDS * (long) MAX_STRIDE
        && stride >= 1
        && stride <= MAX_STRIDE
        && layer >= 0
        && layer <= 255
        && data >= 1
        && data <= 255
        && repairs >= 1
        && data + repairs <= MAX_SHARDS
        && (code != ErasureCode.XOR || repairs == 1)
        && members >= 1
        && members <= data;
  }

  /** Sequence of member {@code index}, 0 to {@code members - 1}. */
  public long member(int index) {
    return first + (long) index * stride;
  }

  /** Sequence of the last member. */
  public long last() {
    return member(members - 1);
  }

  /** Index of a sequence that is a member. */
  public int indexOf(long sequence) {
    return (int) ((sequence - first) / stride);
  }
}

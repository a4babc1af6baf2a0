package dev.farshore.link.risk;

import dev.farshore.link.packet.ErasureCode;
import dev.farshore.link.packet.Recipe;
import java.util.ArrayList;
import java.util.List;

/** Data packets one after the other, repairs right behind the last member of their group. */
final class SentPattern {
  private final List<Long> numbers = new ArrayList<>();
  private final List<Tail.Group> groups = new ArrayList<>();
  private long next;

  private SentPattern() {}

  /** Groups of {@code data} packets in layers of those strides, an exclusive or each. */
  static SentPattern layered(int packets, int data, List<Integer> strides) {
    SentPattern pattern = new SentPattern();
    for (int n = 0; n < packets; n++) {
      pattern.send();
      for (int layer = 0; layer < strides.size(); layer++) {
        int stride = strides.get(layer);
        int inBlock = n % (stride * data);
        if (inBlock / stride == data - 1) {
          long first = n - (long) (data - 1) * stride;
          pattern.repair(new Recipe(first, stride, layer, ErasureCode.XOR, data, 1, data));
        }
      }
    }
    return pattern;
  }

  static SentPattern reedSolomon(int packets, int data, int repairs) {
    SentPattern pattern = new SentPattern();
    for (int n = 0; n < packets; n++) {
      pattern.send();
      if (n % data == data - 1) {
        pattern.repair(
            new Recipe(n - data + 1, 1, 0, ErasureCode.REED_SOLOMON, data, repairs, data));
      }
    }
    return pattern;
  }

  private void send() {
    numbers.add(next++);
  }

  private void repair(Recipe recipe) {
    next += recipe.repairs();
    groups.add(new Tail.Group(recipe, next - 1));
  }

  /** One byte in each packet. */
  Tail tail() {
    return tail(numbers.stream().mapToLong(Long::longValue).toArray(), 0);
  }

  Tail tail(long[] on, long older) {
    long[] offsets = new long[on.length];
    for (int i = 0; i < offsets.length; i++) {
      offsets[i] = i;
    }
    return new Tail(older, 0, on, offsets, groups);
  }

  long[] numbers() {
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  /**
   * The chance itself: all patterns of loss, each with its weight, each peeled by definition.
   *
   * @param answered packets from the first on of which none may be lost
   */
  double enumerated(int answered, BurstLoss loss) {
    int datagrams = Math.toIntExact(next);
    double fatal = 0;
    for (int lost = 0; lost < 1 << datagrams; lost++) {
      if (isFatal(lost, answered)) {
        fatal += weight(lost, datagrams, loss);
      }
    }
    return fatal;
  }

  private static double weight(int lost, int datagrams, BurstLoss loss) {
    double weight = 1;
    for (int i = 0; i < datagrams; i++) {
      boolean now = (lost >>> i & 1) != 0;
      boolean before = i > 0 && (lost >>> (i - 1) & 1) != 0;
      double memory = i == 0 ? 0 : loss.memory(1);
      double chance = loss.share() * (1 - memory) + (before ? memory : 0);
      weight *= now ? chance : 1 - chance;
    }
    return weight;
  }

  private boolean isFatal(int lost, int answered) {
    boolean[] missing = new boolean[numbers.size()];
    for (int i = 0; i < missing.length; i++) {
      missing[i] = isLost(lost, numbers.get(i));
    }
    boolean progress = true;
    while (progress) {
      progress = false;
      for (Tail.Group group : groups) {
        progress |= solve(group, missing, lost);
      }
    }
    for (int i = 0; i < answered; i++) {
      if (missing[i]) {
        return true;
      }
    }
    return false;
  }

  private static boolean solve(Tail.Group group, boolean[] missing, int lost) {
    int arrived = 0;
    for (int i = 0; i < group.recipe().repairs(); i++) {
      arrived += isLost(lost, group.lastNumber() - i) ? 0 : 1;
    }
    int missed = 0;
    for (int i = 0; i < group.recipe().members(); i++) {
      missed += missing[(int) group.recipe().member(i)] ? 1 : 0;
    }
    if (missed == 0 || missed > arrived) {
      return false;
    }
    for (int i = 0; i < group.recipe().members(); i++) {
      missing[(int) group.recipe().member(i)] = false;
    }
    return true;
  }

  private static boolean isLost(int lost, long number) {
    return (lost >>> number & 1) != 0;
  }
}

package dev.farshore.emulab.testbed.link;

import dev.farshore.link.model.LinkConditions;
import dev.farshore.link.model.LinkModel;
import dev.farshore.link.model.LossModel;
import java.util.ArrayDeque;
import java.util.BitSet;

/**
 * What would arrive if the site died now: draws the losses of what is on the wire, and lets the
 * code repair what it can (peeling, by counting). Shares nothing with the product's decoder, and
 * nothing with its estimate.
 */
public final class Fate {

  private final WireLog log;
  private final BitSet lost = new BitSet();
  private final BitSet missing = new BitSet();
  private final ArrayDeque<Integer> restored = new ArrayDeque<>();
  private long first;
  private long firstNumber;

  public Fate(WireLog log) {
    this.log = log;
  }

  /**
   * Draws once.
   *
   * @param first sequence of the first data packet that is not known to have arrived; what was sent
   *     before it has arrived
   * @return sequence of the first data packet that the mirror will never have; the next to be sent
   *     if it has all
   */
  public long draw(long first, LossModel model, long seed) {
    begin(first);
    LinkModel wire = new LinkModel(LinkConditions.PERFECT.withLoss(model), seed);
    int numbers = (int) (log.nextNumber() - firstNumber);
    for (int i = 0; i < numbers; i++) {
      if (wire.offer(1, 0).isEmpty()) {
        lost.set(i);
      }
    }
    return firstMissing();
  }

  /**
   * The same for losses that are given.
   *
   * @param lostNumbers the packet numbers that do not arrive
   */
  public long of(long first, BitSet lostNumbers) {
    begin(first);
    firstNumber = 0;
    lost.or(lostNumbers);
    return firstMissing();
  }

  private void begin(long newFirst) {
    first = newFirst;
    if (log.next() - first > log.packets()) {
      throw new IllegalStateException("more packets on the wire than are remembered");
    }
    firstNumber = first == log.next() ? log.nextNumber() : log.number(first);
    lost.clear();
    missing.clear();
  }

  private long firstMissing() {
    int packets = (int) (log.next() - first);
    for (int i = 0; i < packets; i++) {
      if (isLost(log.number(first + i))) {
        missing.set(i);
      }
    }
    for (int i = missing.nextSetBit(0); i >= 0; i = missing.nextSetBit(i + 1)) {
      tryGroups(i);
      while (!restored.isEmpty()) {
        tryGroups(restored.poll());
      }
    }
    int still = missing.nextSetBit(0);
    return still < 0 ? log.next() : first + still;
  }

  private boolean isLost(long number) {
    return number >= firstNumber && lost.get((int) (number - firstNumber));
  }

  private void tryGroups(int packet) {
    for (WireLog.Group group : log.groups(first + packet)) {
      if (group != null) {
        solve(group);
      }
    }
  }

  private void solve(WireLog.Group group) {
    int repairs = 0;
    for (int i = 0; i < group.repairs; i++) {
      repairs += isLost(group.numbers[i]) ? 0 : 1;
    }
    int missed = 0;
    for (int i = 0; i < group.recipe.members(); i++) {
      missed += isMissing(group.recipe.member(i)) ? 1 : 0;
    }
    if (missed == 0 || missed > repairs) {
      return;
    }
    for (int i = 0; i < group.recipe.members(); i++) {
      long member = group.recipe.member(i);
      if (isMissing(member)) {
        missing.clear((int) (member - first));
        restored.add((int) (member - first));
      }
    }
  }

  private boolean isMissing(long sequence) {
    return sequence >= first && missing.get((int) (sequence - first));
  }
}

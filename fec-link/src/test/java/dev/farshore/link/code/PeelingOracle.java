package dev.farshore.link.code;

import dev.farshore.link.packet.Recipe;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a code of groups can restore, by the definition: as long as some group misses no more
 * members than repairs of it arrived, its members are there. Shares nothing with the decoder but
 * recipes.
 */
final class PeelingOracle {

  private PeelingOracle() {}

  /** The packets that stay lost. */
  static BitSet lost(List<CodedStream.Sent> sent, BitSet lostDatagrams) {
    BitSet missing = new BitSet();
    Map<Recipe, Integer> repairs = new HashMap<>();
    for (int i = 0; i < sent.size(); i++) {
      switch (sent.get(i)) {
        case CodedStream.SentData data -> missing.set((int) data.sequence(), lostDatagrams.get(i));
        case CodedStream.SentRepair repair -> {
          if (!lostDatagrams.get(i)) {
            repairs.merge(repair.recipe(), 1, Integer::sum);
          }
        }
      }
    }
    boolean progress = true;
    while (progress) {
      progress = false;
      for (Map.Entry<Recipe, Integer> group : repairs.entrySet()) {
        Recipe recipe = group.getKey();
        int missed = 0;
        for (int i = 0; i < recipe.members(); i++) {
          missed += missing.get((int) recipe.first() + i * recipe.stride()) ? 1 : 0;
        }
        if (missed > 0 && missed <= group.getValue()) {
          for (int i = 0; i < recipe.members(); i++) {
            missing.clear((int) recipe.first() + i * recipe.stride());
          }
          progress = true;
        }
      }
    }
    return missing;
  }
}

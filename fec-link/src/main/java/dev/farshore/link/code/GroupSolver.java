package dev.farshore.link.code;

import dev.farshore.link.code.MemberStore.Presence;
import dev.farshore.link.packet.ErasureCode;
import dev.farshore.link.packet.Recipe;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Computes the missing members of a group that has enough repairs. */
final class GroupSolver {

  /** A wire that names more different codes than this is not ours. */
  private static final int MAX_CODES = 16;

  private record Shape(int data, int repairs) {}

  private final MemberStore store;
  private final int maxSymbolBytes;
  private final Map<Shape, ReedSolomonShards> codes = new LinkedHashMap<>();
  private byte[][] shards = new byte[0][];

  GroupSolver(MemberStore store, int maxSymbolBytes) {
    this.store = store;
    this.maxSymbolBytes = maxSymbolBytes;
  }

  /** Whether groups of that shape can be solved. */
  boolean knows(Recipe recipe) {
    if (recipe.code() == ErasureCode.XOR) {
      return true;
    }
    Shape shape = new Shape(recipe.data(), recipe.repairs());
    if (!codes.containsKey(shape) && codes.size() < MAX_CODES) {
      codes.put(shape, new ReedSolomonShards(shape.data(), shape.repairs()));
    }
    return codes.containsKey(shape);
  }

  /**
   * Solves the group.
   *
   * @return false if a member that was here has gone out of reach
   */
  boolean solve(PendingGroup group) {
    Recipe recipe = group.recipe;
    for (int i = 0; i < recipe.members(); i++) {
      Presence presence = store.presence(recipe.member(i));
      boolean fits =
          presence == Presence.MISSING
              || (presence == Presence.HERE
                  && store.symbolBytes(recipe.member(i)) <= group.symbolBytes);
      if (!fits) {
        return false;
      }
    }
    if (recipe.code() == ErasureCode.XOR) {
      solveXor(group);
    } else {
      solveReedSolomon(group);
    }
    return true;
  }

  /** The symbol of a missing member, after {@link #solve} of its group and before the next. */
  byte[] restoredSymbol(PendingGroup group, int member) {
    return group.recipe.code() == ErasureCode.XOR ? group.repairs[0] : shards[member];
  }

  private void solveXor(PendingGroup group) {
    for (int i = 0; i < group.recipe.members(); i++) {
      long member = group.recipe.member(i);
      if (store.presence(member) == Presence.HERE) {
        store.xorSymbol(member, group.repairs[0]);
      }
    }
  }

  private void solveReedSolomon(PendingGroup group) {
    Recipe recipe = group.recipe;
    int total = recipe.data() + recipe.repairs();
    if (shards.length < total) {
      shards = new byte[total][maxSymbolBytes];
    }
    byte[][] all = Arrays.copyOf(shards, total);
    boolean[] present = new boolean[total];
    for (int i = 0; i < recipe.data(); i++) {
      Arrays.fill(all[i], 0, group.symbolBytes, (byte) 0);
      if (i >= recipe.members()) {
        present[i] = true;
      } else if (store.presence(recipe.member(i)) == Presence.HERE) {
        store.copySymbol(recipe.member(i), all[i]);
        present[i] = true;
      }
    }
    for (int j = 0; j < recipe.repairs(); j++) {
      if (group.repairs[j] != null) {
        System.arraycopy(group.repairs[j], 0, all[recipe.data() + j], 0, group.symbolBytes);
        present[recipe.data() + j] = true;
      }
    }
    codes.get(new Shape(recipe.data(), recipe.repairs())).decode(all, present, group.symbolBytes);
  }
}

package dev.farshore.agent.site;

import dev.farshore.agent.mirror.GroupNode;
import dev.farshore.link.risk.OpenRisk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * The chance of each group that an answered record would be lost if the site died now. To work one
 * out takes milliseconds, which the site's thread does not have: another one does it, and not
 * oftener than once a second for a group, however often it is asked for. Owned by the site's
 * thread.
 */
final class LossChances {
  static final long FRESH_NANOS = 1_000_000_000L;

  private record Known(OptionalDouble chance, long nanos) {}

  private final Executor site;
  private final Executor worker;
  private final Map<String, Known> known = new HashMap<>();
  private final Map<String, CompletableFuture<Void>> underWay = new HashMap<>();

  /**
   * @param site runs things on the site's thread
   * @param worker runs what takes long
   */
  LossChances(Executor site, Executor worker) {
    this.site = site;
    this.worker = worker;
  }

  /** As it was worked out last; empty if too little is known. */
  OptionalDouble last(String group) {
    Known found = known.get(group);
    return found == null ? OptionalDouble.empty() : found.chance();
  }

  /**
   * Works out again what is older than a second.
   *
   * @return done when {@link #last} tells it of every group; fails if it cannot be worked out
   */
  CompletionStage<Void> refresh(List<GroupNode> groups, long nowNanos) {
    List<CompletableFuture<Void>> awaited = new ArrayList<>();
    for (GroupNode group : groups) {
      String name = group.name();
      if (!underWay.containsKey(name) && isOld(name, nowNanos)) {
        workOut(name, group.openRisk(), nowNanos);
      }
      Optional.ofNullable(underWay.get(name)).ifPresent(awaited::add);
    }
    return CompletableFuture.allOf(awaited.toArray(CompletableFuture[]::new));
  }

  private boolean isOld(String group, long nowNanos) {
    Known found = known.get(group);
    return found == null || nowNanos - found.nanos() >= FRESH_NANOS;
  }

  private void workOut(String group, Optional<OpenRisk> risk, long nowNanos) {
    if (risk.isEmpty()) {
      known.put(group, new Known(OptionalDouble.empty(), nowNanos));
      return;
    }
    CompletableFuture<Void> work =
        CompletableFuture.supplyAsync(risk.get()::chance, worker)
            .whenCompleteAsync(
                (chance, failure) -> {
                  underWay.remove(group);
                  if (failure == null) {
                    known.put(group, new Known(OptionalDouble.of(chance), nowNanos));
                  }
                },
                site)
            .thenRun(() -> {});
    underWay.put(group, work);
  }
}

package dev.farshore.tests.sim;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.file.Path;

/** A mutant, loaded and ready to live through seeds. */
final class MutantRun {
  private final Method run;

  /**
   * @param root of the repository
   */
  MutantRun(Mutant mutant, Path root) throws IOException {
    try {
      Class<?> simulation = mutant.load(root).loadClass(Simulation.class.getName());
      run = simulation.getMethod("run", long.class, String.class);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("the simulation cannot be loaded around a mutant", e);
    }
  }

  /**
   * What killed it in the world of that seed, in one line; empty if it lived to the end.
   *
   * @param theme of the world; empty if the seed chooses
   */
  String run(long seed, String theme) {
    try {
      run.invoke(null, seed, theme);
      return "";
    } catch (InvocationTargetException e) {
      return e.getCause().getMessage().lines().findFirst().orElse(e.getCause().toString());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("the simulation is public", e);
    }
  }
}

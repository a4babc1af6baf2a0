package dev.farshore.emulab.wan;

import java.util.concurrent.CompletableFuture;

/** A running link that takes orders. May be called from any thread. */
public interface Wan extends AutoCloseable {

  /**
   * Does what an {@link Order} says.
   *
   * @return what there is to tell, without a newline at its end
   * @throws IllegalArgumentException with what is wrong with the order, for people
   */
  String obey(String line);

  /** What was passed and dropped since it began: one line of JSON, or several lines for people. */
  String report(boolean json);

  /** Whether what was measured over the link is worth anything. */
  boolean isValid();

  /**
   * Completes when somebody ordered it to end, or exceptionally with an UncheckedIOException if it
   * cannot go on.
   */
  CompletableFuture<Void> quitOrdered();

  /** Ends it; what was reported last can still be had. */
  @Override
  void close();
}

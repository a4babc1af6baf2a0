package dev.farshore.link.port;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The thread that owns the ports under a contract test, and the passing of its time. */
public interface Owner extends AutoCloseable {

  /** Runs something on the owner's thread. */
  <T> T call(Supplier<T> action);

  default void run(Runnable action) {
    call(
        () -> {
          action.run();
          return true;
        });
  }

  /** Lets time pass until the condition, asked on the owner's thread, is true. */
  void until(String what, BooleanSupplier condition);

  /** Lets so much time pass that everything that is on its way has arrived. */
  void settle();

  boolean isOwnerThread();

  @Override
  void close();
}

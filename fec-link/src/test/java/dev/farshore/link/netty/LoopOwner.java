package dev.farshore.link.netty;

import dev.farshore.link.port.Owner;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** An event loop and real time. */
public final class LoopOwner implements Owner {

  /** A test that waits longer than this hangs. */
  private static final long WATCHDOG_SECONDS = 60;

  private static final int SETTLING_ROUNDS = 50;

  private final IoEventLoopGroup group;
  private boolean calling;

  public LoopOwner(Transport transport) {
    group = transport.newGroup(1, "test-loop");
  }

  public EventLoop loop() {
    return group.next();
  }

  @Override
  public <T> T call(Supplier<T> action) {
    try {
      return loop()
          .submit(
              () -> {
                calling = true;
                try {
                  return action.get();
                } finally {
                  calling = false;
                }
              })
          .get(WATCHDOG_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (InterruptedException | TimeoutException e) {
      throw new AssertionError("The event loop does not answer", e);
    }
  }

  @Override
  public void until(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!call(condition::getAsBoolean)) {
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(WATCHDOG_SECONDS)) {
        throw new AssertionError("Waited in vain for " + what);
      }
      LockSupport.parkNanos(200_000);
    }
  }

  @Override
  public void settle() {
    for (int i = 0; i < SETTLING_ROUNDS; i++) {
      call(() -> true);
      LockSupport.parkNanos(1_000_000);
    }
  }

  @Override
  public boolean isOwnerThread() {
    return loop().inEventLoop() && !calling;
  }

  @Override
  public void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }
}

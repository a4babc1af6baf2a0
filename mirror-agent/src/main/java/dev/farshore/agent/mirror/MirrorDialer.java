package dev.farshore.agent.mirror;

import dev.farshore.link.port.ControlNetwork;
import dev.farshore.link.port.ControlPort;
import java.net.InetSocketAddress;

/**
 * Calls the mirror, and waits longer after each call that came to nothing: from 100 ms to 2 s.
 * Owned by the group's thread, on which the network calls back.
 */
final class MirrorDialer {
  private static final long RETRY_MIN_NANOS = 100_000_000L;
  private static final long RETRY_MAX_NANOS = 2_000_000_000L;

  private final NodePorts ports;
  private final InetSocketAddress address;
  private final Caller caller;
  private long retryAtNanos;
  private long retryDelayNanos = RETRY_MIN_NANOS;
  private boolean calling;
  private int calls;

  /** Who called. Is told of a call that it has not given up. */
  interface Caller {
    void connected(ControlPort port);

    void unreachable(String reason);
  }

  MirrorDialer(NodePorts ports, InetSocketAddress address, Caller caller) {
    this.ports = ports;
    this.address = address;
    this.caller = caller;
    this.retryAtNanos = ports.clock().nanoTime();
  }

  boolean isDue(long nowNanos) {
    return nowNanos - retryAtNanos >= 0;
  }

  /** From when on a call {@link #isDue}. */
  long dueNanos() {
    return retryAtNanos;
  }

  void call() {
    calling = true;
    int thisCall = ++calls;
    ports
        .control()
        .connect(
            address,
            new ControlNetwork.ConnectHandler() {
              @Override
              public void onConnected(ControlPort port) {
                if (answered(thisCall)) {
                  caller.connected(port);
                } else {
                  port.close();
                }
              }

              @Override
              public void onFailed(String reason) {
                if (answered(thisCall)) {
                  caller.unreachable(reason);
                }
              }
            });
  }

  private boolean answered(int call) {
    boolean awaited = calling && call == calls;
    calling &= !awaited;
    return awaited;
  }

  /** The last call came to nothing, or what came of it is over: the next one waits. */
  void rest(long nowNanos) {
    calling = false;
    retryAtNanos = nowNanos + retryDelayNanos;
    retryDelayNanos = Math.min(retryDelayNanos * 2, RETRY_MAX_NANOS);
  }

  /** The last call was worth it: the next one need not wait for long. */
  void succeeded() {
    retryDelayNanos = RETRY_MIN_NANOS;
  }
}

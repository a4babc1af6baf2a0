package dev.farshore.link.port;

import java.net.InetSocketAddress;
import java.util.function.Consumer;

/**
 * Makes control channels. Owned by one thread, on which all callbacks come, and none of them from
 * within a call of this interface.
 */
public interface ControlNetwork extends AutoCloseable {

  /** How an attempt to connect ended. */
  interface ConnectHandler {
    /** Sets a handler on the port before it returns. */
    void onConnected(ControlPort port);

    void onFailed(String reason);
  }

  /**
   * Accepts channels until closed. The consumer sets a handler on the port before it returns; a
   * port without one is closed.
   *
   * @param at port number 0 for any free one
   * @return where it listens
   * @throws java.io.UncheckedIOException if that address cannot be had
   */
  InetSocketAddress listen(InetSocketAddress at, Consumer<ControlPort> accepted);

  /** Tries once; exactly one of the handler's methods follows, unless this network is closed. */
  void connect(InetSocketAddress to, ConnectHandler handler);

  /** Stops listening, gives up what is connecting, and closes every channel. */
  @Override
  void close();
}

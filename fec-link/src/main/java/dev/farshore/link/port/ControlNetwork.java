package dev.farshore.link.port;

import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** Makes control channels. Callbacks come on the owner's thread. */
public interface ControlNetwork extends AutoCloseable {

  /** How an attempt to connect ended. */
  interface ConnectHandler {
    void onConnected(ControlPort port);

    void onFailed(String reason);
  }

  /** Accepts channels until closed. The consumer sets a handler on the port before it returns. */
  void listen(InetSocketAddress at, Consumer<ControlPort> accepted);

  /** Tries once; exactly one of the handler's methods follows. */
  void connect(InetSocketAddress to, ConnectHandler handler);

  @Override
  void close();
}

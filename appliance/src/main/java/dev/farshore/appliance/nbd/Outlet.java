package dev.farshore.appliance.nbd;

import io.netty.buffer.ByteBuf;

/** Where a connection's replies go: its socket, as {@link Transmission} sees it. */
interface Outlet {

  /** Whether the client takes its replies too slowly for more requests to be worth starting. */
  boolean congested();

  /**
   * Sends, in the order of the calls, with the next flush at the latest.
   *
   * @param reply released by the outlet
   * @param debt given back to the connection's credits once the reply has left this process, or
   *     never will
   */
  void send(ByteBuf reply, Debt debt);

  /**
   * Something came to pass outside {@link Transmission#receive}: replies are there to be flushed,
   * input that was refused may be taken now, or transmission is over.
   */
  void changed();
}

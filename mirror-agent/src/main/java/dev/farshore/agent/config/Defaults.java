package dev.farshore.agent.config;

import dev.farshore.agent.config.GroupConfig.Exposure;
import dev.farshore.agent.config.GroupConfig.Mode;
import dev.farshore.agent.config.GroupConfig.OnExposure;
import dev.farshore.agent.config.GroupConfig.OnQuota;
import dev.farshore.agent.config.GroupConfig.Patience;
import dev.farshore.agent.config.GroupConfig.Storage;
import dev.farshore.agent.config.GroupConfig.Store;
import java.util.List;

/** What a configuration means where it says nothing. */
final class Defaults {
  private static final long SECOND = 1_000_000_000L;
  private static final long MIB = 1L << 20;

  static final Address.Internet LISTEN = new Address.Internet("127.0.0.1", 7601);
  static final List<Address> NBD_LISTEN = List.of(new Address.Internet("127.0.0.1", 10809));

  /** Under the data directory. */
  static final String CONTROL_SOCKET = "control.sock";

  /** The paper's code: every layer protects against ten times longer bursts than the one before. */
  static final int DATA_PACKETS = 8;

  static final int REPAIR_PACKETS = 3;
  static final List<Integer> INTERLEAVE = List.of(1, 10, 100);
  static final long BURST_NANOS = SECOND / 1000;
  static final long FLUSH_NANOS = SECOND / 1000;
  static final long RATE_BITS = 1_000_000_000L;

  /** Fits the 1500 bytes of Ethernet with IPv6, UDP and a tunnel's header around it. */
  static final long DATAGRAM_BYTES = 1400;

  /** The bandwidth-delay product of the default rate at half a second. */
  static final long WINDOW_BYTES = 64 * MIB;

  static final Mode MODE = Mode.NETWORK;
  static final Exposure EXPOSURE = new Exposure(256 * MIB, 30 * SECOND, OnExposure.BLOCK);
  static final Storage STORAGE =
      new Storage(Store.FILE, 64 << 20, 64 * MIB, 5 * SECOND, 8192 * MIB, OnQuota.DETACH_MIRROR);
  static final Patience PATIENCE = new Patience(10 * SECOND, 2 * SECOND);

  private Defaults() {}
}

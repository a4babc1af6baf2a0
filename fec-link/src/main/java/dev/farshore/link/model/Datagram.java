package dev.farshore.link.model;

import java.net.InetSocketAddress;

/** A datagram on a simulated wire; its bytes are never changed. */
record Datagram(InetSocketAddress from, InetSocketAddress to, byte[] bytes) {}

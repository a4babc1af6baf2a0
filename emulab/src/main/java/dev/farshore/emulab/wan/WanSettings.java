package dev.farshore.emulab.wan;

import java.net.InetSocketAddress;
import java.util.Map;

/**
 * @param listen where clients find the relay, UDP and TCP; port number 0 for any free one
 * @param to the far end, the same for UDP and TCP
 * @param conditions of both directions, as {@link PathText} reads them
 * @param seed of all randomness
 */
public record WanSettings(
    InetSocketAddress listen, InetSocketAddress to, Map<String, String> conditions, long seed) {}

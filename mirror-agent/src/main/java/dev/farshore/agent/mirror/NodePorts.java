package dev.farshore.agent.mirror;

import dev.farshore.link.port.ControlNetwork;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * A group's doors to the world.
 *
 * @param control makes channels to the peer
 * @param sessions makes link sessions over the site's datagram port
 * @param clock monotonic time in callbacks
 * @param wallMillis wall-clock time for the records' stamps, milliseconds since 1970
 * @param entropy for identities
 * @param wake asks for a poll soon; may be called often
 */
public record NodePorts(
    ControlNetwork control,
    SessionRouter sessions,
    NanoClock clock,
    LongSupplier wallMillis,
    RandomGenerator entropy,
    Runnable wake) {}

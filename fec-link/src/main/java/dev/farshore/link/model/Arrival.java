package dev.farshore.link.model;

/**
 * One arrival of a packet at the far end.
 *
 * @param atNanos when, on the clock that {@link LinkModel#offer} was called with
 * @param damage what the path did to the bytes
 */
public record Arrival(long atNanos, Damage damage) {}

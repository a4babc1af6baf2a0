package dev.farshore.emulab.results;

/**
 * Where it ran.
 *
 * @param processors that the JVM may use
 * @param memoryBytes of the machine
 */
public record Machine(String jvm, String cpu, int processors, String kernel, long memoryBytes) {}

package dev.farshore.emulab.bench;

/**
 * @param runs that were ordered
 * @param before of them, were there already
 * @param invalid of them, must not be used
 */
public record Summary(int runs, int before, int invalid) {}

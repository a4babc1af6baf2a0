package dev.farshore.emulab.results;

/**
 * Which Farshore ran.
 *
 * @param version of the release
 * @param commit of the sources; {@code unknown} outside of a repository
 * @param code digest of the classes: the same code, whatever the commit says
 */
public record Product(String version, String commit, String code) {}

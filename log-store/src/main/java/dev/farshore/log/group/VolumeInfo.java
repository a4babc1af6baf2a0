package dev.farshore.log.group;

/** A volume as the log defines it. */
public record VolumeInfo(int volume, String name, long sizeBytes) {}

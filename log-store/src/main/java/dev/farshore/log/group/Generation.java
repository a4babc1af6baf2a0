package dev.farshore.log.group;

import dev.farshore.log.SegmentLog;

/**
 * What a replacement of the images replaces as a whole: a log, the images that hold what was folded
 * from it, and the volumes as both together make them.
 */
record Generation(long number, SegmentLog log, BaseImages images, VolumeTable volumes) {

  /** Name of the log of a generation. */
  static String logName(long number) {
    return "log-g" + number;
  }
}

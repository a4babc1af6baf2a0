package dev.farshore.log.image;

import dev.farshore.log.disk.Completion;
import java.util.ArrayList;
import java.util.List;

/** 1024 sums, those of 4 MiB of image, in memory. */
final class SumsPage {
  static final int SUMS = 1024;
  static final int BYTES = SUMS * Integer.BYTES;

  final SumsFile file;
  final long index;
  final int[] sums = new int[SUMS];

  /** Those who wait until it is loaded; null once it is. */
  List<Completion> waiting = new ArrayList<>();

  /** While above 0, it stays in memory. */
  int holds;

  /** Neighbours among the pages that nobody holds, oldest use first. */
  SumsPage older;

  SumsPage newer;

  SumsPage(SumsFile file, long index) {
    this.file = file;
    this.index = index;
  }
}

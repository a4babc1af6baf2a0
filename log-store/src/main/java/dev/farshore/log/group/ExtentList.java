package dev.farshore.log.group;

import dev.farshore.log.overlay.Overlay;
import java.util.ArrayList;
import java.util.List;

/** Extents of a range, in order; neighbours of one kind become one. */
final class ExtentList {
  private final int limit;
  private final List<Extent> extents = new ArrayList<>();

  ExtentList(int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("a limit of " + limit + " extents");
    }
    this.limit = limit;
  }

  /** Adds what follows; false once there are as many as there may be. */
  boolean add(long length, Extent.Kind kind) {
    int last = extents.size() - 1;
    if (last >= 0 && extents.get(last).kind() == kind) {
      extents.set(last, new Extent(extents.get(last).length() + length, kind));
      return true;
    }
    if (extents.size() == limit) {
      return false;
    }
    extents.add(new Extent(length, kind));
    return true;
  }

  boolean addPiece(long length, int place) {
    return add(
        length,
        switch (place) {
          case Overlay.HOLE -> Extent.Kind.HOLE;
          case Overlay.ZERO -> Extent.Kind.ZERO;
          default -> Extent.Kind.DATA;
        });
  }

  List<Extent> extents() {
    return extents;
  }
}

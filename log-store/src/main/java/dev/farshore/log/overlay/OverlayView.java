package dev.farshore.log.overlay;

/** An overlay that one can look at: the present one, or a snapshot. */
public interface OverlayView {

  /**
   * Walks over a range, in order and without gaps, until the visitor has enough.
   *
   * @param folded pieces of records up to this LSN are taken for base: it holds them already
   */
  void visit(long start, long end, long folded, Pieces pieces);
}

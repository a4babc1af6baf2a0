package dev.farshore.log.image;

/**
 * Bounds the memory that the sums of all images of a group take: of the pages that nobody holds it
 * keeps the most recently used ones. Owned by the group's thread.
 */
public final class SumsCache {
  private final int pagesMax;
  private int pages;
  private SumsPage oldest;
  private SumsPage newest;

  /**
   * @param bytes memory to keep for sums; each 4 KiB speak for 4 MiB of image
   */
  public SumsCache(long bytes) {
    this.pagesMax = Math.toIntExact(Math.max(1, bytes / SumsPage.BYTES));
  }

  /** Nobody holds the page any more. */
  void add(SumsPage page) {
    page.older = newest;
    page.newer = null;
    if (newest == null) {
      oldest = page;
    } else {
      newest.newer = page;
    }
    newest = page;
    pages++;
    if (pages > pagesMax) {
      SumsPage evicted = oldest;
      remove(evicted);
      evicted.file.forget(evicted);
    }
  }

  /** The page is held again, or gone. */
  void remove(SumsPage page) {
    if (page.older == null) {
      oldest = page.newer;
    } else {
      page.older.newer = page.newer;
    }
    if (page.newer == null) {
      newest = page.older;
    } else {
      page.newer.older = page.older;
    }
    page.older = null;
    page.newer = null;
    pages--;
  }
}

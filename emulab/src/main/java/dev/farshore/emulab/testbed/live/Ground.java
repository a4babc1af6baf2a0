package dev.farshore.emulab.testbed.live;

import java.io.IOException;
import java.nio.file.Path;

/** What the two sites of a trial stand on, and the wire between them. Used by one thread. */
interface Ground extends AutoCloseable {

  /** Makes the wire, before anything else. */
  Wire wire() throws IOException, InterruptedException;

  /**
   * Where a site is.
   *
   * @param home where it is to be reached
   */
  SiteFiles.Place place(Side side, Path home);

  /**
   * Starts the agent of a site, whose configuration has been written.
   *
   * @param heapMebibytes most heap
   */
  Child start(SiteFiles files, int heapMebibytes) throws IOException;

  /** Takes the wire away. The agents have been killed. */
  @Override
  void close();
}

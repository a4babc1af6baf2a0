package dev.farshore.log.disk;

import java.io.IOException;

/** There is no room left on the disk for what was asked (ENOSPC, EDQUOT). */
public final class DiskFullException extends IOException {
  private static final long serialVersionUID = 1L;

  public DiskFullException(String message, Throwable cause) {
    super(message, cause);
  }
}

package dev.farshore.log.slot;

import java.io.IOException;

/** Neither slot of a file holds a value: its content is lost, and no power cut explains it. */
public final class SlotsDamagedException extends IOException {
  private static final long serialVersionUID = 1L;

  SlotsDamagedException(String file, String reason) {
    super(file + ": " + reason);
  }
}

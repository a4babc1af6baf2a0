package dev.farshore.log.group;

import dev.farshore.log.disk.Completion;
import java.io.IOException;
import java.util.Optional;

/** Keeps the end of an asynchronous step until its owner polls for it. */
final class Outcome implements Completion {
  private boolean ended;
  private IOException failure;

  @Override
  public void done() {
    ended = true;
  }

  @Override
  public void failed(IOException cause) {
    ended = true;
    failure = cause;
  }

  boolean ended() {
    return ended;
  }

  Optional<IOException> failure() {
    return Optional.ofNullable(failure);
  }
}

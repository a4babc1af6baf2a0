package dev.farshore.log.disk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Another process uses the data directory. The message names the directory and the process. */
public final class DirectoryLockedException extends IOException {
  private static final long serialVersionUID = 1L;

  DirectoryLockedException(Path directory, Optional<Long> pid) {
    super("data directory " + directory + " is in use by " + describe(pid));
  }

  private static String describe(Optional<Long> pid) {
    if (pid.isEmpty()) {
      return "another process, which has not said its id yet";
    }
    if (pid.get() == ProcessHandle.current().pid()) {
      return "process " + pid.get() + ", which is this one";
    }
    return "process "
        + pid.get()
        + ProcessHandle.of(pid.get())
            .flatMap(handle -> handle.info().commandLine())
            .map(command -> " (" + abbreviated(command) + ")")
            .orElse("");
  }

  /** The program and its last arguments: the options of a JVM between them fill a screen. */
  private static String abbreviated(String command) {
    int length = command.length();
    return length > 120
        ? command.substring(0, 40) + " … " + command.substring(length - 80)
        : command;
  }
}

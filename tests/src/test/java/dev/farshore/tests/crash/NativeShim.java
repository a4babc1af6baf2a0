package dev.farshore.tests.crash;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;

/** {@code fault_shim.c}, compiled: makes one system call of a process fail. */
final class NativeShim {
  private final Path library;

  /** Compiles the shim into a directory. */
  NativeShim(Path directory) throws IOException {
    library = directory.resolve("fault_shim.so");
    Tools.run(
        "gcc",
        "-shared",
        "-fPIC",
        "-O1",
        "-o",
        library.toString(),
        Tools.nativeSource("fault_shim.c").toString(),
        "-ldl");
  }

  /** Environment of a process whose {@code n}-th call gets the fault. */
  Map<String, String> environment(Fault fault, int n) {
    return Map.of("LD_PRELOAD", library.toString(), fault.name(), Integer.toString(n));
  }

  /** What the shim can do; the names are those of its variables. */
  enum Fault {
    /** The n-th fdatasync or fsync fails with EIO, and those after it do not. */
    FAIL_AT,
    /** SIGKILL just before the n-th fdatasync or fsync. */
    KILL_AT,
    /** The n-th pwrite writes half, then SIGKILL. */
    TORN_AT
  }
}

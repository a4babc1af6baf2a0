package dev.farshore.log.disk;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * The calls of Linux on files for which the JDK has no method, through {@code java.lang.foreign}.
 * Any thread may make them.
 */
final class LinuxCalls {
  private static final Linker.Option ERRNO = Linker.Option.captureCallState("errno");
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO_IN_STATE =
      STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));

  private static final Optional<LinuxCalls> LINKED = link();

  private final MethodHandle open;
  private final MethodHandle preadv2;
  private final MethodHandle fallocate;
  private final MethodHandle fadvise;
  private final MethodHandle close;

  private LinuxCalls(Linker linker, SymbolLookup library, MemorySegment preadv2Address) {
    var integer = ValueLayout.JAVA_INT;
    var number = ValueLayout.JAVA_LONG;
    var pointer = ValueLayout.ADDRESS;
    open =
        linker.downcallHandle(
            library.findOrThrow("open"),
            FunctionDescriptor.of(integer, pointer, integer),
            Linker.Option.firstVariadicArg(2));
    preadv2 =
        linker.downcallHandle(
            preadv2Address,
            FunctionDescriptor.of(number, integer, pointer, integer, number, integer));
    fallocate =
        linker.downcallHandle(
            library.findOrThrow("fallocate"),
            FunctionDescriptor.of(integer, integer, integer, number, number),
            ERRNO);
    fadvise =
        linker.downcallHandle(
            library.findOrThrow("posix_fadvise"),
            FunctionDescriptor.of(integer, integer, number, number, integer));
    close =
        linker.downcallHandle(
            library.findOrThrow("close"), FunctionDescriptor.of(integer, integer));
  }

  /** Empty where the numbers that callers pass do not hold, or the C library is too old. */
  static Optional<LinuxCalls> linked() {
    return LINKED;
  }

  private static Optional<LinuxCalls> link() {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    return switch (system.toLowerCase(Locale.ROOT)) {
      case "linux amd64", "linux aarch64" -> {
        Linker linker = Linker.nativeLinker();
        SymbolLookup library = linker.defaultLookup();
        yield library.find("preadv2").map(address -> new LinuxCalls(linker, library, address));
      }
      default -> Optional.empty();
    };
  }

  /** open(2): a descriptor, or a negative number. */
  int open(Path file, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      return (int) open.invokeExact(arena.allocateFrom(file.toString()), flags);
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  /** preadv2(2): bytes read, or a negative number. */
  long preadv2(int descriptor, MemorySegment vectors, int count, long position, int flags) {
    try {
      return (long) preadv2.invokeExact(descriptor, vectors, count, position, flags);
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  /** fallocate(2): 0, or the error's number. */
  int fallocate(int descriptor, int mode, long position, long length) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(STATE);
      int failed = (int) fallocate.invokeExact(state, descriptor, mode, position, length);
      return failed == 0 ? 0 : (int) ERRNO_IN_STATE.get(state, 0L);
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  /** posix_fadvise(2) of a regular file that is open, for which it has no errors to tell. */
  void fadvise(int descriptor, long position, long length, int advice) {
    try {
      int ignored = (int) fadvise.invokeExact(descriptor, position, length, advice);
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  /** close(2), of a descriptor through which no bytes were written: it can tell of no loss. */
  void close(int descriptor) {
    try {
      int ignored = (int) close.invokeExact(descriptor);
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  /**
   * A method handle declares all that can be thrown. C throws nothing, so what comes out unchecked
   * is the JVM's, and a checked exception nobody's.
   */
  private static RuntimeException unchecked(Throwable thrown) {
    return switch (thrown) {
      case Error error -> throw error;
      case RuntimeException exception -> exception;
      default -> new IllegalStateException("A call of the C library threw", thrown);
    };
  }
}

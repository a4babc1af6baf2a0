package dev.farshore.log.disk;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/**
 * What Linux holds of a file in memory: reads it without ever waiting for the device, with {@code
 * RWF_NOWAIT}, preadv2(2). Most reads of a volume are of such bytes, and then a thread that waits
 * for the device costs more than the read. Calls the C library by {@code java.lang.foreign}, on a
 * descriptor of its own. Owned by the thread of its disk.
 */
final class PageCache implements AutoCloseable {
  private static final int O_RDONLY_CLOEXEC = 0x80000;
  private static final int RWF_NOWAIT = 8;
  private static final int VECTOR_LENGTH_OFFSET = 8;
  private static final int VECTOR_BYTES = 16;

  private static final Optional<Calls> CALLS = Calls.link();

  private record Calls(MethodHandle open, MethodHandle preadv2, MethodHandle close) {

    /** Empty where the numbers of this class do not hold, or the C library is too old. */
    static Optional<Calls> link() {
      String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
      return switch (system.toLowerCase(Locale.ROOT)) {
        case "linux amd64", "linux aarch64" -> linkLinux();
        default -> Optional.empty();
      };
    }

    private static Optional<Calls> linkLinux() {
      Linker linker = Linker.nativeLinker();
      SymbolLookup library = linker.defaultLookup();
      var integer = ValueLayout.JAVA_INT;
      var number = ValueLayout.JAVA_LONG;
      var pointer = ValueLayout.ADDRESS;
      Optional<MemorySegment> preadv2 = library.find("preadv2");
      return preadv2.map(
          address ->
              new Calls(
                  linker.downcallHandle(
                      library.findOrThrow("open"),
                      FunctionDescriptor.of(integer, pointer, integer),
                      Linker.Option.firstVariadicArg(2)),
                  linker.downcallHandle(
                      address,
                      FunctionDescriptor.of(number, integer, pointer, integer, number, integer)),
                  linker.downcallHandle(
                      library.findOrThrow("close"), FunctionDescriptor.of(integer, integer))));
    }
  }

  private final Calls calls;
  private final int descriptor;
  private final MemorySegment vector = Arena.ofAuto().allocate(VECTOR_BYTES, Long.BYTES);
  private boolean closed;

  private PageCache(Calls calls, int descriptor) {
    this.calls = calls;
    this.descriptor = descriptor;
  }

  /** Empty where this cannot be had; then everything is read in the ordinary way. */
  static Optional<PageCache> of(Path file) {
    return CALLS.flatMap(calls -> open(calls, file));
  }

  private static Optional<PageCache> open(Calls calls, Path file) {
    try (Arena arena = Arena.ofConfined()) {
      int descriptor =
          (int) calls.open().invokeExact(arena.allocateFrom(file.toString()), O_RDONLY_CLOEXEC);
      return descriptor < 0 ? Optional.empty() : Optional.of(new PageCache(calls, descriptor));
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  /**
   * Reads, if all of it is in memory.
   *
   * @param target filled from its position to its limit, neither of which changes; outside the heap
   * @return false if it has to be read in the ordinary way; the target holds anything then
   */
  boolean read(long position, ByteBuffer target) {
    if (closed || !target.isDirect()) {
      return false;
    }
    MemorySegment bytes = MemorySegment.ofBuffer(target);
    vector.set(ValueLayout.JAVA_LONG, 0, bytes.address());
    vector.set(ValueLayout.JAVA_LONG, VECTOR_LENGTH_OFFSET, bytes.byteSize());
    try {
      long count = (long) calls.preadv2().invokeExact(descriptor, vector, 1, position, RWF_NOWAIT);
      return count == bytes.byteSize();
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    } finally {
      Reference.reachabilityFence(target);
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      // It was read from only: nothing can be lost that this call would tell of.
      int ignored = (int) calls.close().invokeExact(descriptor);
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

package dev.farshore.emulab.tun;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Locale;

/**
 * The calls of Linux that a WAN of TUN devices needs and the JDK does not offer, by {@code
 * java.lang.foreign}. Each returns what the kernel does: a result, or the error number made
 * negative.
 *
 * <p>An object belongs to one thread.
 */
final class SystemCalls {

  static final int NOT_PERMITTED = -1;
  static final int NO_SUCH_FILE = -2;
  static final int INTERRUPTED = -4;
  static final int NO_SUCH_DEVICE_OR_ADDRESS = -6;
  static final int TRY_AGAIN = -11;
  static final int ACCESS_DENIED = -13;
  static final int BUSY = -16;
  static final int NO_SUCH_DEVICE = -19;
  static final int INVALID = -22;

  static final int READ_ONLY = 0x80000; // O_CLOEXEC
  static final int READ_WRITE_NOT_WAITING = 0x80802; // O_CLOEXEC, O_NONBLOCK, O_RDWR

  /** Of {@link #poll}: 8 bytes for each descriptor. */
  static final long POLL_BYTES = 8;

  private static final short READABLE = 1;
  private static final int CLONE_NEWNET = 0x40000000;
  private static final int PR_SET_TIMERSLACK = 29;
  private static final int PRIO_PROCESS = 0;
  private static final int AHEAD_OF_MOST = -10;
  private static final int EVENT_FLAGS = 0x80800; // EFD_CLOEXEC, EFD_NONBLOCK
  private static final long NANOS_PER_SECOND = 1_000_000_000;

  private static final MethodHandle OPEN;
  private static final MethodHandle CLOSE;
  private static final MethodHandle READ;
  private static final MethodHandle WRITE;
  private static final MethodHandle PREAD;
  private static final MethodHandle IOCTL;
  private static final MethodHandle SETNS;
  private static final MethodHandle PPOLL;
  private static final MethodHandle EVENTFD;
  private static final MethodHandle PRCTL;
  private static final MethodHandle GETEUID;
  private static final MethodHandle SETPRIORITY;
  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(MemoryLayout.PathElement.groupElement("errno"));

  static {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    switch (system.toLowerCase(Locale.ROOT)) {
      case "linux amd64", "linux aarch64" -> {}
      default -> throw new UnsupportedOperationException("TUN devices are not known on " + system);
    }
    var integer = ValueLayout.JAVA_INT;
    var number = ValueLayout.JAVA_LONG;
    var pointer = ValueLayout.ADDRESS;
    OPEN = link("open", 2, FunctionDescriptor.of(integer, pointer, integer));
    CLOSE = link("close", -1, FunctionDescriptor.of(integer, integer));
    READ = link("read", -1, FunctionDescriptor.of(number, integer, pointer, number));
    WRITE = link("write", -1, FunctionDescriptor.of(number, integer, pointer, number));
    PREAD = link("pread", -1, FunctionDescriptor.of(number, integer, pointer, number, number));
    IOCTL = link("ioctl", 2, FunctionDescriptor.of(integer, integer, number, pointer));
    SETNS = link("setns", -1, FunctionDescriptor.of(integer, integer, integer));
    PPOLL = link("ppoll", -1, FunctionDescriptor.of(integer, pointer, number, pointer, pointer));
    EVENTFD = link("eventfd", -1, FunctionDescriptor.of(integer, integer, integer));
    PRCTL = link("prctl", 1, FunctionDescriptor.of(integer, integer, number));
    GETEUID = link("geteuid", -1, FunctionDescriptor.of(integer));
    SETPRIORITY =
        link("setpriority", -1, FunctionDescriptor.of(integer, integer, integer, integer));
  }

  private final Arena arena = Arena.ofAuto();
  private final MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
  private final MemorySegment number = arena.allocate(ValueLayout.JAVA_LONG);
  private final MemorySegment wait = arena.allocate(2 * Long.BYTES, Long.BYTES);

  /**
   * @param firstVariadic the first argument that the function declares as "...", or -1
   */
  private static MethodHandle link(String name, int firstVariadic, FunctionDescriptor descriptor) {
    Linker linker = Linker.nativeLinker();
    Linker.Option errno = Linker.Option.captureCallState("errno");
    MemorySegment address = linker.defaultLookup().findOrThrow(name);
    return firstVariadic < 0
        ? linker.downcallHandle(address, descriptor, errno)
        : linker.downcallHandle(
            address, descriptor, errno, Linker.Option.firstVariadicArg(firstVariadic));
  }

  int open(String path, int flags) {
    try (Arena call = Arena.ofConfined()) {
      return result((int) OPEN.invokeExact(state, call.allocateFrom(path), flags));
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  int close(int descriptor) {
    try {
      return result((int) CLOSE.invokeExact(state, descriptor));
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  int read(int descriptor, MemorySegment to) {
    try {
      return result((long) READ.invokeExact(state, descriptor, to, to.byteSize()));
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  /**
   * @param bytes how many of them, from the start
   */
  int write(int descriptor, MemorySegment from, long bytes) {
    try {
      return result((long) WRITE.invokeExact(state, descriptor, from, bytes));
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  /** Reads a file of the kernel again from its start. */
  int readFromStart(int descriptor, MemorySegment to) {
    try {
      return result((long) PREAD.invokeExact(state, descriptor, to, to.byteSize(), 0L));
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  int ioctl(int descriptor, long request, MemorySegment argument) {
    try {
      return result((int) IOCTL.invokeExact(state, descriptor, request, argument));
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  /** From now on this thread is in the network namespace of the descriptor. */
  int enterNetwork(int descriptor) {
    try {
      return result((int) SETNS.invokeExact(state, descriptor, CLONE_NEWNET));
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  /** Sets what {@link #poll} waits for with the descriptor number {@code index} of its list. */
  static void watch(MemorySegment polled, int index, int descriptor) {
    polled.set(ValueLayout.JAVA_INT, index * POLL_BYTES, descriptor);
    polled.set(ValueLayout.JAVA_SHORT, index * POLL_BYTES + 4, READABLE);
  }

  /** Whether anything was to be said of the descriptor number {@code index} after a poll. */
  static boolean isReady(MemorySegment polled, int index) {
    return polled.get(ValueLayout.JAVA_SHORT, index * POLL_BYTES + 6) != 0;
  }

  /**
   * Waits until a descriptor can be read, or for a time.
   *
   * @param nanos at least 0; {@code Long.MAX_VALUE} for ever
   */
  int poll(MemorySegment polled, long nanos) {
    wait.set(ValueLayout.JAVA_LONG, 0, nanos / NANOS_PER_SECOND);
    wait.set(ValueLayout.JAVA_LONG, Long.BYTES, nanos % NANOS_PER_SECOND);
    MemorySegment timeout = nanos == Long.MAX_VALUE ? MemorySegment.NULL : wait;
    long count = polled.byteSize() / POLL_BYTES;
    try {
      return result((int) PPOLL.invokeExact(state, polled, count, timeout, MemorySegment.NULL));
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  /** A counter to wake a poll with, see {@link #signal} and {@link #takeSignal}. */
  int eventDescriptor() {
    try {
      return result((int) EVENTFD.invokeExact(state, 0, EVENT_FLAGS));
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  /** Adds to the counter; at least 1. */
  int signal(int eventDescriptor, long value) {
    number.set(ValueLayout.JAVA_LONG, 0, value);
    return write(eventDescriptor, number, Long.BYTES);
  }

  int takeSignal(int eventDescriptor) {
    return read(eventDescriptor, number);
  }

  /** Timeouts of this thread are exact, not rounded up by 50 microseconds, prctl(2). */
  int exactTimeouts() {
    try {
      return result((int) PRCTL.invokeExact(state, PR_SET_TIMERSLACK, 1L));
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  /**
   * This thread goes before others, setpriority(2); on Linux that is of threads. Without the right
   * to it nothing changes, and an error is returned.
   */
  int goAhead() {
    try {
      return result((int) SETPRIORITY.invokeExact(state, PRIO_PROCESS, 0, AHEAD_OF_MOST));
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  int effectiveUser() {
    try {
      return (int) GETEUID.invokeExact(state);
    } catch (Throwable thrown) {
      throw unchecked(thrown);
    }
  }

  private int result(long result) {
    return result < 0 ? -(int) ERRNO.get(state, 0L) : (int) result;
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

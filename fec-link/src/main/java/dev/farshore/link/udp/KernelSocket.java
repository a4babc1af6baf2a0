package dev.farshore.link.udp;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;

/**
 * What Linux tells about a UDP socket and neither the JDK nor Netty passes on: how much of what was
 * sent is still in its queue ({@code SIOCOUTQ}), which datagrams it reported as refused later
 * ({@code IP_RECVERR}, ip(7)), and how many arrivals it dropped ({@code SO_MEMINFO}). Calls the C
 * library by {@code java.lang.foreign}.
 *
 * <p>Owned by the thread of its socket.
 */
final class KernelSocket {

  private static final int SOL_SOCKET = 1;
  private static final int SO_SNDBUFFORCE = 32;
  private static final int SO_RCVBUFFORCE = 33;

  /**
   * Nine numbers of 32 bits, of which the last is the socket's drops, {@code linux/sock_diag.h}.
   */
  private static final int SO_MEMINFO = 55;

  private static final int MEMINFO_BYTES = 9 * Integer.BYTES;
  private static final int MEMINFO_DROPS = 8;

  private static final int SOL_IP = 0;
  private static final int IP_RECVERR = 11;
  private static final int SOL_IPV6 = 41;
  private static final int IPV6_RECVERR = 25;
  private static final long SIOCOUTQ = 0x5411;
  private static final int MSG_ERRQUEUE_DONTWAIT = 0x2000 | 0x40;

  /** {@code SO_EE_ORIGIN_LOCAL}: the send call has already failed with it. */
  private static final byte ORIGIN_LOCAL = 1;

  private static final int CONTROL_BYTES = 512;
  private static final int CONTROL_HEADER_BYTES = 16;
  private static final int ORIGIN_OFFSET = CONTROL_HEADER_BYTES + Integer.BYTES;

  /** Bounds the work of one call; what is left wakes the loop again. */
  private static final int MAX_ERRORS_AT_ONCE = 256;

  private static final StructLayout MESSAGE_HEADER =
      MemoryLayout.structLayout(
          ValueLayout.ADDRESS.withName("name"),
          ValueLayout.JAVA_INT.withName("nameLength"),
          MemoryLayout.paddingLayout(4),
          ValueLayout.ADDRESS.withName("vectors"),
          ValueLayout.JAVA_LONG.withName("vectorCount"),
          ValueLayout.ADDRESS.withName("control"),
          ValueLayout.JAVA_LONG.withName("controlLength"),
          ValueLayout.JAVA_INT.withName("flags"),
          MemoryLayout.paddingLayout(4));

  private static final Optional<Calls> CALLS = Calls.link();

  private record Calls(
      MethodHandle ioctl, MethodHandle setsockopt, MethodHandle getsockopt, MethodHandle recvmsg) {

    /** Empty where the numbers and layouts of this class do not hold. */
    static Optional<Calls> link() {
      String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
      boolean known =
          switch (system.toLowerCase(Locale.ROOT)) {
            case "linux amd64", "linux aarch64" -> true;
            default -> false;
          };
      return known ? Optional.of(linkLinux()) : Optional.empty();
    }

    private static Calls linkLinux() {
      Linker linker = Linker.nativeLinker();
      var library = linker.defaultLookup();
      var integer = ValueLayout.JAVA_INT;
      var pointer = ValueLayout.ADDRESS;
      return new Calls(
          linker.downcallHandle(
              library.findOrThrow("ioctl"),
              FunctionDescriptor.of(integer, integer, ValueLayout.JAVA_LONG, pointer),
              Linker.Option.firstVariadicArg(2)),
          linker.downcallHandle(
              library.findOrThrow("setsockopt"),
              FunctionDescriptor.of(integer, integer, integer, integer, pointer, integer)),
          linker.downcallHandle(
              library.findOrThrow("getsockopt"),
              FunctionDescriptor.of(integer, integer, integer, integer, pointer, pointer)),
          linker.downcallHandle(
              library.findOrThrow("recvmsg"),
              FunctionDescriptor.of(ValueLayout.JAVA_LONG, integer, pointer, integer)));
    }
  }

  private final Calls calls;
  private final int descriptor;
  private final MemorySegment number;
  private final MemorySegment memory;
  private final MemorySegment header;
  private final MemorySegment control;

  private KernelSocket(Calls calls, int descriptor) {
    this.calls = calls;
    this.descriptor = descriptor;
    Arena arena = Arena.ofAuto();
    number = arena.allocate(ValueLayout.JAVA_INT);
    memory = arena.allocate(MEMINFO_BYTES, Integer.BYTES);
    control = arena.allocate(CONTROL_BYTES, Long.BYTES);
    header = arena.allocate(MESSAGE_HEADER);
  }

  /**
   * @param descriptor of an open socket, which must outlive the calls on this object
   * @return empty where this kernel is not known
   */
  static Optional<KernelSocket> of(int descriptor) {
    return CALLS.map(calls -> new KernelSocket(calls, descriptor));
  }

  /**
   * Asks for reports of refused datagrams. Once they are asked for, {@link #takeErrors} must be
   * called whenever the socket has an error, for it stays ready until its reports are taken.
   */
  boolean reportErrors() {
    boolean overIpv4 = set(SOL_IP, IP_RECVERR, 1);
    boolean overIpv6 = set(SOL_IPV6, IPV6_RECVERR, 1);
    return overIpv4 || overIpv6;
  }

  /** Sets buffers beyond the machine's limit; only a process with the right to may do that. */
  boolean forceBuffers(int receiveBytes, int sendBytes) {
    boolean received = set(SOL_SOCKET, SO_RCVBUFFORCE, receiveBytes);
    return set(SOL_SOCKET, SO_SNDBUFFORCE, sendBytes) && received;
  }

  /** Bytes in the socket's send queue, with the kernel's overhead; -1 if it does not tell. */
  long queuedBytes() {
    long result = call(() -> (int) calls.ioctl().invokeExact(descriptor, SIOCOUTQ, number));
    return result < 0 ? -1 : number.get(ValueLayout.JAVA_INT, 0);
  }

  /**
   * Arrivals that the kernel dropped, because the socket's buffer was full or their checksum was
   * wrong; -1 if it does not tell, as before Linux 4.12.
   */
  long droppedArrivals() {
    number.set(ValueLayout.JAVA_INT, 0, MEMINFO_BYTES);
    long result =
        call(
            () ->
                (int)
                    calls
                        .getsockopt()
                        .invokeExact(descriptor, SOL_SOCKET, SO_MEMINFO, memory, number));
    boolean told = result == 0 && number.get(ValueLayout.JAVA_INT, 0) == MEMINFO_BYTES;
    return told
        ? Integer.toUnsignedLong(memory.getAtIndex(ValueLayout.JAVA_INT, MEMINFO_DROPS))
        : -1;
  }

  /**
   * Takes reports from the error queue.
   *
   * @return how many datagrams they say were refused elsewhere; errors that a send call has already
   *     returned are not among them
   */
  int takeErrors() {
    int refused = 0;
    for (int i = 0; i < MAX_ERRORS_AT_ONCE; i++) {
      header.fill((byte) 0);
      header.set(ValueLayout.ADDRESS, offset("control"), control);
      header.set(ValueLayout.JAVA_LONG, offset("controlLength"), CONTROL_BYTES);
      long received =
          call(() -> (long) calls.recvmsg().invokeExact(descriptor, header, MSG_ERRQUEUE_DONTWAIT));
      if (received < 0) {
        break;
      }
      long controlLength = header.get(ValueLayout.JAVA_LONG, offset("controlLength"));
      boolean local =
          controlLength > ORIGIN_OFFSET
              && control.get(ValueLayout.JAVA_BYTE, ORIGIN_OFFSET) == ORIGIN_LOCAL;
      refused += local ? 0 : 1;
    }
    return refused;
  }

  private static long offset(String field) {
    return MESSAGE_HEADER.byteOffset(MemoryLayout.PathElement.groupElement(field));
  }

  private boolean set(int level, int option, int value) {
    number.set(ValueLayout.JAVA_INT, 0, value);
    long result =
        call(
            () ->
                (int)
                    calls
                        .setsockopt()
                        .invokeExact(descriptor, level, option, number, Integer.BYTES));
    return result == 0;
  }

  /** A call of the C library; a method handle declares all that can be thrown. */
  private interface Downcall {
    long make() throws Throwable;
  }

  /**
   * C throws nothing, so what comes out unchecked is the JVM's, and a checked exception nobody's.
   */
  private static long call(Downcall downcall) {
    try {
      return downcall.make();
    } catch (RuntimeException | Error thrown) {
      throw thrown;
    } catch (Throwable checked) {
      throw new IllegalStateException("A call of the C library threw", checked);
    }
  }
}

package dev.farshore.emulab.tun;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * A TUN device in a namespace. What programs there send through it is read here, one IP packet at a
 * time; what is written here they receive. It exists as long as it is open. Segmentation offload is
 * off, so that each packet is one of the wire.
 *
 * <p>{@link #read} and {@link #write} may be called by two threads, each with its own {@link
 * SystemCalls}; the rest by one at a time.
 */
final class TunDevice {

  /**
   * What the kernel keeps for us while we are not scheduled. The default of 500 packets drops
   * bursts; a whole TCP window must fit, for many connections at once.
   */
  static final int TRANSMIT_QUEUE_PACKETS = 100_000;

  private static final String DEVICE_FILE = "/dev/net/tun";
  private static final long TUNSETIFF = 0x400454caL;
  private static final long TUNSETOFFLOAD = 0x400454d0L;
  private static final short TUN_WITHOUT_PREFIX = 0x1001; // IFF_TUN, IFF_NO_PI
  private static final int NAME_BYTES = 16;
  private static final int REQUEST_BYTES = 40;
  private static final int TABLE_BYTES = 64 << 10;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,14}");

  private final Namespace namespace;
  private final String name;
  private final int descriptor;
  private final int countersDescriptor;
  private final MemorySegment table = Arena.ofAuto().allocate(TABLE_BYTES);
  private DeviceCounters counters = new DeviceCounters(0, 0, 0, 0);

  private TunDevice(Namespace namespace, String name, int descriptor, int countersDescriptor) {
    this.namespace = namespace;
    this.name = name;
    this.descriptor = descriptor;
    this.countersDescriptor = countersDescriptor;
  }

  /**
   * @throws IllegalArgumentException if it is no name for a device
   */
  static String requireName(String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'" + name + "' is no name for a device: at most 15 letters, digits, - _ .");
    }
    return name;
  }

  /**
   * Makes a device; it is down and has no address yet.
   *
   * @throws IOException for people, if it cannot be made
   */
  static TunDevice open(Namespace namespace, String name) throws IOException {
    return namespace.in(() -> openHere(namespace, requireName(name)));
  }

  /** Something else that can be read and written, for {@link WarmUp}; it has no counters. */
  static TunDevice standIn(int descriptor) {
    return new TunDevice(new Namespace("none"), "none", descriptor, -1);
  }

  private static TunDevice openHere(Namespace namespace, String name) throws IOException {
    SystemCalls calls = new SystemCalls();
    int descriptor = calls.open(DEVICE_FILE, SystemCalls.READ_WRITE_NOT_WAITING);
    if (descriptor < 0) {
      throw new IOException(cannotOpen(descriptor));
    }
    int attached = attach(calls, descriptor, name);
    if (attached < 0) {
      calls.close(descriptor);
      throw new IOException(cannotAttach(attached, namespace, name));
    }
    // Whoever opens this here reads the table of this namespace for good.
    int counters = calls.open("/proc/thread-self/net/dev", SystemCalls.READ_ONLY);
    if (counters < 0) {
      calls.close(descriptor);
      throw new IOException("The device counters cannot be read: error " + -counters);
    }
    return new TunDevice(namespace, name, descriptor, counters);
  }

  private static int attach(SystemCalls calls, int descriptor, String name) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment request = arena.allocate(REQUEST_BYTES, Long.BYTES);
      request.setString(0, name);
      request.set(ValueLayout.JAVA_SHORT, NAME_BYTES, TUN_WITHOUT_PREFIX);
      int attached = calls.ioctl(descriptor, TUNSETIFF, request);
      return attached < 0 ? attached : calls.ioctl(descriptor, TUNSETOFFLOAD, MemorySegment.NULL);
    }
  }

  private static String cannotOpen(int error) {
    return switch (error) {
      case SystemCalls.NO_SUCH_FILE,
          SystemCalls.NO_SUCH_DEVICE,
          SystemCalls.NO_SUCH_DEVICE_OR_ADDRESS ->
          "There is no " + DEVICE_FILE + ": the kernel's module 'tun' is missing (modprobe tun)";
      case SystemCalls.NOT_PERMITTED, SystemCalls.ACCESS_DENIED ->
          DEVICE_FILE + " may not be opened: this needs root";
      default -> DEVICE_FILE + " cannot be opened: error " + -error;
    };
  }

  private static String cannotAttach(int error, Namespace namespace, String name) {
    return switch (error) {
      case SystemCalls.BUSY, SystemCalls.INVALID ->
          "The namespace " + namespace.name() + " has a device " + name + " already: --device";
      case SystemCalls.NOT_PERMITTED ->
          "A TUN device may not be made in " + namespace.name() + ": this needs root";
      default ->
          "The device " + name + " cannot be made in " + namespace.name() + ": error " + -error;
    };
  }

  /**
   * Takes it up and gives it addresses, IPv4 or IPv6.
   *
   * @param own address of this end
   * @param peer address of the other end
   */
  void start(String own, String peer, int mtu) throws IOException {
    namespace.ip(
        "link",
        "set",
        "dev",
        name,
        "mtu",
        Integer.toString(mtu),
        "txqueuelen",
        Integer.toString(TRANSMIT_QUEUE_PACKETS),
        "addrgenmode",
        "none");
    // Up first: an IPv6 address of a device that is down brings no route to its peer.
    namespace.ip("link", "set", "dev", name, "up");
    namespace.ip("address", "add", own, "peer", peer, "dev", name);
  }

  Namespace namespace() {
    return namespace;
  }

  String name() {
    return name;
  }

  /** To poll on. */
  int descriptor() {
    return descriptor;
  }

  /** What programs sent: the size of a packet, or an error. */
  int read(SystemCalls calls, MemorySegment to) {
    return calls.read(descriptor, to);
  }

  /** Hands a packet to the programs: its size, or an error. */
  int write(SystemCalls calls, MemorySegment packet, int bytes) {
    return calls.write(descriptor, packet, bytes);
  }

  /** What the kernel counted; what it counted last if somebody took the device away. */
  DeviceCounters counters(SystemCalls calls) {
    int bytes = calls.readFromStart(countersDescriptor, table);
    if (bytes < 0) {
      throw new IllegalStateException("The counters of " + name + " are lost: error " + -bytes);
    }
    byte[] text = table.asSlice(0, bytes).toArray(ValueLayout.JAVA_BYTE);
    counters =
        DeviceCounters.parse(new String(text, StandardCharsets.US_ASCII), name).orElse(counters);
    return counters;
  }

  /** The device is gone after this. */
  void close(SystemCalls calls) {
    calls.close(countersDescriptor);
    calls.close(descriptor);
  }
}

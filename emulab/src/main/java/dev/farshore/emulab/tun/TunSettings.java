package dev.farshore.emulab.tun;

import java.util.Map;

/**
 * @param near what is sent there goes forward
 * @param far what is sent there goes backward
 * @param device name of the TUN device at both
 * @param mtu of both devices, bytes of an IP packet; at least 68
 * @param conditions of both directions, as {@link dev.farshore.emulab.wan.PathText} reads them
 * @param seed of all randomness
 */
public record TunSettings(
    End near, End far, String device, int mtu, Map<String, String> conditions, long seed) {

  /**
   * @param address of the device there, IPv4 or IPv6
   */
  public record End(Namespace namespace, String address) {}

  public static final String DEVICE = "wan0";
  public static final String NEAR_ADDRESS = "10.99.0.1";
  public static final String FAR_ADDRESS = "10.99.0.2";
  public static final int MTU = 1_500;

  private static final int LEAST_MTU = 68;
  private static final int MOST_MTU = 65_535;

  public TunSettings {
    if (near.namespace().equals(far.namespace())) {
      throw new IllegalArgumentException(
          "Both ends are in the namespace " + near.namespace().name());
    }
    TunDevice.requireName(device);
    if (mtu < LEAST_MTU || mtu > MOST_MTU) {
      throw new IllegalArgumentException("An MTU of " + mtu + " bytes");
    }
  }

  /** With the usual devices and addresses. */
  public static TunSettings between(
      Namespace near, Namespace far, Map<String, String> conditions, long seed) {
    return new TunSettings(
        new End(near, NEAR_ADDRESS), new End(far, FAR_ADDRESS), DEVICE, MTU, conditions, seed);
  }
}

package dev.farshore.emulab.tun.selftest;

import java.util.Locale;

/**
 * One thing that was measured.
 *
 * @param measured with its unit
 * @param wanted with its unit
 */
public record Finding(String what, String measured, String wanted, boolean passed) {

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT, "%-4s  %-44s %-40s want %s", passed ? "pass" : "FAIL", what, measured, wanted);
  }
}

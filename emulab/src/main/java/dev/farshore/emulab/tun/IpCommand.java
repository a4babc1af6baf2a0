package dev.farshore.emulab.tun;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code ip} of iproute2, which sets up what happens once and not per packet. */
final class IpCommand {

  private static final int TIMEOUT_SECONDS = 20;

  private IpCommand() {}

  /**
   * @throws IOException with what it says, if it fails or is not installed
   */
  static void run(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(arguments));
    Process ip = start(command);
    ip.getOutputStream().close();
    String said = new String(ip.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    if (!ended(ip)) {
      ip.destroyForcibly();
      throw new IOException("'" + String.join(" ", command) + "' does not end");
    }
    if (ip.exitValue() != 0) {
      throw new IOException("'" + String.join(" ", command) + "' failed: " + said);
    }
  }

  private static Process start(List<String> command) throws IOException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new IOException("'ip' cannot be run; it is in the package iproute2", e);
    }
  }

  private static boolean ended(Process process) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}

package dev.farshore.agent.demo;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A child process that runs a site, on the same JVM with the same options as this process. */
final class SiteChild {
  private final DemoSite site;
  private final Process process;

  private SiteChild(DemoSite site, Process process) {
    this.site = site;
    this.process = process;
  }

  /**
   * @param mainClass of the command line
   */
  static SiteChild start(DemoSite site, String mainClass) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(List.of("start", "--config", site.configFile().toString(), "--end-with-stdin"));
    // Standard input stays open as long as this process lives, however it ends.
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(site.log().toFile()))
            .start();
    return new SiteChild(site, process);
  }

  DemoSite site() {
    return site;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  CompletableFuture<Process> onExit() {
    return process.onExit();
  }

  /** How it ended, for people. */
  String ending() {
    int code = process.exitValue();
    return code > 128 ? "was ended by signal " + (code - 128) : "has ended with exit code " + code;
  }

  boolean endedCleanly() {
    int code = process.exitValue();
    // SIGTERM and SIGINT end a site as cleanly as stop does.
    return code == 0 || code == 130 || code == 143;
  }

  /** Asks it to end; it forces and closes its logs first. */
  void terminate() {
    process.destroy();
  }

  /** Waits for its end; kills it after the time is up. */
  void awaitEnd(long seconds) throws InterruptedException {
    if (!process.waitFor(seconds, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      process.waitFor();
    }
  }
}

package dev.farshore.agent.command;

import dev.farshore.agent.config.ConfigException;
import dev.farshore.agent.config.SiteConfig;
import dev.farshore.agent.demo.Demo;
import dev.farshore.agent.site.SiteFailure;
import dev.farshore.agent.site.SiteProcess;
import dev.farshore.log.disk.DirectoryLockedException;
import dev.farshore.log.disk.DiskFullException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
    name = "start",
    description = {
      "Runs a site until it is stopped: by the command stop, by SIGTERM or by Ctrl-C.",
      "Without --config, runs a demonstration: a primary and its mirror as two processes on this"
          + " machine, with one volume."
    })
final class StartCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(names = "--config", paramLabel = "FILE", description = "The site's configuration.")
  private Path config;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description = "Where the demonstration is kept; ./farshore-demo if nothing is said.")
  private Path data;

  @Option(names = "--end-with-stdin", hidden = true)
  private boolean endWithStandardInput;

  @Override
  public Integer call() throws InterruptedException {
    if (config == null) {
      return demonstrate();
    }
    if (data != null) {
      throw new CommandFailure(
          ExitCode.USAGE,
          "--data is for the demonstration; a site's data directory stands in its configuration");
    }
    return runSite(SiteSelection.read(config));
  }

  private int runSite(SiteConfig site) throws InterruptedException {
    SiteProcess process;
    try {
      process = SiteProcess.start(site, Build.VERSION);
    } catch (DirectoryLockedException e) {
      throw new CommandFailure(ExitCode.RUNNING, e.getMessage());
    } catch (SiteFailure e) {
      throw new CommandFailure(ExitCode.FAILED, e.getMessage());
    } catch (DiskFullException e) {
      throw new CommandFailure(
          ExitCode.FAILED,
          "cannot start: " + e.getMessage() + "; a start needs room for some segments of the log");
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILED, "cannot start: " + e);
    }
    atSignal(
        () -> {
          process.stop();
          process.awaitEnd();
        });
    if (endWithStandardInput) {
      Thread.ofPlatform().name("stdin").daemon().start(() -> stopAtEndOfInput(process));
    }
    return process.awaitEnd() ? ExitCode.OK : ExitCode.FAILED;
  }

  /** The process that started this one has ended, however it did. */
  private static void stopAtEndOfInput(SiteProcess process) {
    try {
      while (System.in.read() >= 0) {
        // Nobody writes anything that matters.
      }
    } catch (IOException closed) {
      process.stop();
      return;
    }
    process.stop();
  }

  private interface Ending {
    void run() throws InterruptedException;
  }

  /** SIGTERM and SIGINT end the process after this; its exit code is then the signal's. */
  private static void atSignal(Ending ending) {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    ending.run();
                  } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                  }
                },
                "signal"));
  }

  private int demonstrate() throws InterruptedException {
    PrintWriter out = spec.commandLine().getOut();
    String command = System.getenv().getOrDefault("FARSHORE_COMMAND", "mirror-agent");
    Demo demo =
        new Demo(
            data == null ? SiteSelection.DEMO : data, MirrorAgent.class.getName(), command, out);
    atSignal(demo::stop);
    try {
      return switch (demo.run()) {
        case ENDED -> ExitCode.OK;
        case FAILED -> ExitCode.FAILED;
        case RUNNING -> ExitCode.RUNNING;
      };
    } catch (ConfigException e) {
      throw new CommandFailure(ExitCode.USAGE, e.getMessage());
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.FAILED, "cannot start: " + e);
    }
  }
}

package dev.farshore.agent.command;

import dev.farshore.agent.control.ControlServer;
import dev.farshore.agent.control.FakeSite;
import dev.farshore.agent.status.Role;
import dev.farshore.agent.status.SiteStatus;
import dev.farshore.agent.status.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import picocli.CommandLine;

/**
 * What {@code mirror-agent status} prints and exits with when a site says this of itself.
 *
 * @param text for people
 * @param json for scripts
 */
public record StatusRun(int exitCode, String text, String json) {

  /**
   * @param socket where there is none yet
   */
  public static StatusRun of(SiteStatus status, Path socket) throws IOException {
    FakeSite site =
        new FakeSite(status.site(), Role.STARTING, Verdict.HEALTHY) {
          @Override
          public CompletionStage<SiteStatus> status() {
            return CompletableFuture.completedFuture(status);
          }
        };
    ControlServer server = ControlServer.listen(socket, site);
    try {
      StringWriter text = new StringWriter();
      StringWriter json = new StringWriter();
      int code = run(text, "status", "--socket", socket.toString());
      int again = run(json, "status", "--json", "--socket", socket.toString());
      if (code != again) {
        throw new AssertionError("exits with " + code + " and, with --json, with " + again);
      }
      return new StatusRun(code, text.toString(), json.toString());
    } finally {
      server.close();
    }
  }

  private static int run(StringWriter out, String... arguments) {
    CommandLine line = MirrorAgent.commandLine();
    line.setOut(new PrintWriter(out, true));
    return line.execute(arguments);
  }
}

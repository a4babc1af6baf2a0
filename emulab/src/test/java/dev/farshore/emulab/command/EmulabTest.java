package dev.farshore.emulab.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.emulab.wan.PathText;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The command line: its words, and what it says when they are wrong. */
class EmulabTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    CommandLine commandLine = Emulab.commandLine();
    commandLine.setOut(new PrintWriter(out));
    commandLine.setErr(new PrintWriter(err));
    return commandLine.execute(arguments);
  }

  @Test
  void wrongArgumentsEndWithTwoAndOneLineAboutThem() {
    for (List<String> wrong :
        List.of(
            List.of("--loss", "1"),
            List.of("--delay", "soon"),
            List.of("--report", "5"),
            List.of("--to", "nowhere"),
            List.of("--outage", "10s"),
            List.of("--rate"),
            List.of("--speed", "1Gbit"))) {
      List<String> all =
          Stream.concat(
                  Stream.of("wan", "--listen", "127.0.0.1:1", "--to", "127.0.0.1:1"),
                  wrong.stream())
              .collect(Collectors.toList());
      if (wrong.contains("--to")) {
        all.subList(3, 5).clear();
      }
      err.getBuffer().setLength(0);
      assertEquals(2, run(all.toArray(String[]::new)), wrong.toString());
      assertTrue(err.toString().lines().count() <= 2, err.toString());
      assertTrue(err.toString().contains(wrong.getFirst().substring(2)), err.toString());
    }
    assertEquals(2, run());
    assertEquals(2, run("wan"));
    assertEquals(2, run("fly"));
  }

  @Test
  void wrongArgumentsOfALinkBetweenNamespacesEndWithTwo() {
    for (List<String> wrong :
        List.of(
            List.of("--between", "west"),
            List.of("--between", "west", "west"),
            List.of("--between", "west", "a/b"),
            List.of("--between", "west", "east", "--listen", "127.0.0.1:1"),
            List.of("--between", "west", "east", "--device", "a/b"),
            List.of("--between", "west", "east", "--mtu", "10"),
            List.of("--between", "west", "east", "--outage", "10s"),
            List.of("--between", "west", "east", "--forward", "speed=1"),
            List.of("--between", "west", "east", "--backward", "loss=half"),
            List.of("set", "loss=1%"),
            List.of("set", "--between", "west", "a/b", "loss=1%"))) {
      List<String> all = Stream.concat(Stream.of("wan"), wrong.stream()).toList();
      err.getBuffer().setLength(0);
      assertEquals(2, run(all.toArray(String[]::new)), wrong.toString());
      assertTrue(!err.toString().isBlank(), wrong.toString());
    }
  }

  @Test
  void orderFindsTheLinkByItsEndsOrItsSocket() {
    assertEquals(1, run("wan", "set", "--between", "nobody1", "nobody2", "forward", "loss=1%"));
    assertTrue(
        err.toString().contains("No link answers at /run/emulab-wan-nobody1-nobody2.sock"),
        err.toString());
    assertEquals(1, run("wan", "stats", "--control", "/nonexistent/socket", "json"));
  }

  @Test
  void helpNamesEveryConditionAndOrder() {
    assertEquals(0, run("wan", "--help"));
    for (String key : PathText.DEFAULTS.keySet()) {
      assertTrue(out.toString().contains("--" + key), key);
    }
    assertTrue(out.toString().contains("close-entrance"));
  }

  @Test
  void orderToNobodyFails() {
    assertEquals(1, run("wan-control", "/nonexistent/socket", "stats"));
    assertTrue(err.toString().contains("No link answers at /nonexistent/socket"), err.toString());
  }
}

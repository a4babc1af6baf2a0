package dev.farshore.link.udp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.farshore.link.netty.Needs;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What our own kernel does with datagrams that do not leave: behind a token bucket on the loopback
 * of a network namespace. Needs root, {@code ip} and {@code tc}.
 */
class NarrowLinkTest {

  private final String namespace = "farshore-" + ProcessHandle.current().pid();

  @BeforeEach
  void makeNamespace() throws Exception {
    Needs.epoll();
    Needs.that("root".equals(System.getProperty("user.name")), "root");
    Needs.that(succeeds("ip", "netns", "add", namespace), "ip");
    Needs.that(succeeds("tc", "-V"), "tc");
    assertTrue(succeeds("ip", "-n", namespace, "link", "set", "lo", "up"));
  }

  @AfterEach
  void deleteNamespace() throws Exception {
    succeeds("ip", "netns", "del", namespace);
  }

  private static boolean succeeds(String... command) throws InterruptedException {
    try {
      return new ProcessBuilder(command).redirectErrorStream(true).start().waitFor() == 0;
    } catch (IOException missing) {
      return false;
    }
  }

  private Map<String, Long> probe(String bucket, int datagrams, int sendBufferBytes)
      throws Exception {
    List<String> shape =
        new ArrayList<>(List.of("tc", "-n", namespace, "qdisc", "replace", "dev", "lo", "root"));
    shape.addAll(List.of(bucket.split(" ")));
    Needs.that(succeeds(shape.toArray(String[]::new)), "tbf");
    Process process =
        new ProcessBuilder(
                "ip",
                "netns",
                "exec",
                namespace,
                ProcessHandle.current().info().command().orElseThrow(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                NarrowLinkProbe.class.getName(),
                String.valueOf(datagrams),
                String.valueOf(sendBufferBytes))
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, process.waitFor(), said);
    Map<String, Long> values = new HashMap<>();
    Matcher matcher = Pattern.compile("(\\w+)=(-?\\d+)").matcher(said);
    while (matcher.find()) {
      values.put(matcher.group(1), Long.valueOf(matcher.group(2)));
    }
    return values;
  }

  @Test
  void everyDatagramThatOurKernelDropsIsReported() throws Exception {
    Map<String, Long> outcome = probe("tbf rate 8mbit burst 20kb limit 100kb", 2_000, 16 << 20);
    assertEquals(2_000, outcome.get("taken"), outcome.toString());
    assertTrue(outcome.get("refused") > 100, outcome.toString());
    assertEquals(2_000, outcome.get("refused") + outcome.get("arrived"), outcome.toString());
  }

  @Test
  void whatWaitsInOurKernelIsCountedAsNotLeft() throws Exception {
    Map<String, Long> outcome = probe("tbf rate 8mbit burst 20kb limit 20mb", 1_000, 16 << 20);
    assertTrue(outcome.get("queued") > 300_000, outcome.toString());
    assertEquals(1_000, outcome.get("arrived"), outcome.toString());
    assertEquals(0, outcome.get("refused"), outcome.toString());
  }

  @Test
  void fullSendBufferPushesBackAndSaysWhenThereIsRoom() throws Exception {
    Map<String, Long> outcome = probe("tbf rate 40mbit burst 20kb limit 20mb", 3_000, 64 << 10);
    assertTrue(outcome.get("taken") < 3_000, outcome.toString());
    assertEquals(outcome.get("taken"), outcome.get("arrived"), outcome.toString());
    assertEquals(1, outcome.get("writable"), outcome.toString());
    assertEquals(0, outcome.get("refused"), outcome.toString());
  }
}

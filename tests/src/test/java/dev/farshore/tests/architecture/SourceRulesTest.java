package dev.farshore.tests.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SourceRulesTest {

  private static List<Path> sources() throws IOException {
    Path root = House.root();
    List<Path> sources = new ArrayList<>();
    try (Stream<Path> modules = Files.list(root)) {
      for (Path module : modules.filter(m -> Files.isDirectory(m.resolve("src"))).toList()) {
        try (Stream<Path> files = Files.walk(module.resolve("src"))) {
          files.filter(f -> f.toString().endsWith(".java")).sorted().forEach(sources::add);
        }
      }
    }
    return sources;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void noSourceHoldsWhatItMustNot() throws IOException {
    List<Path> sources = sources();
    assertTrue(sources.size() > 100, "found only " + sources.size() + " sources");
    List<String> offences =
        sources.stream()
            .flatMap(
                f -> SourceRules.offences(House.root().relativize(f).toString(), read(f)).stream())
            .toList();
    assertEquals("", String.join("\n", offences));
  }

  @Test
  void everyPackageSaysWhatItIs() throws IOException {
    TreeSet<String> silent = new TreeSet<>();
    for (Path file : sources()) {
      Path directory = file.getParent();
      boolean product = directory.toString().contains("/src/main/");
      if (product && !Files.exists(directory.resolve("package-info.java"))) {
        silent.add(House.root().relativize(directory).toString());
      }
    }
    assertEquals("", String.join("\n", silent));
  }

  @Test
  void theRulesBite() {
    String long451 = "x\n".repeat(SourceRules.LINES_MAX + 1);
    assertEquals(1, SourceRules.offences("f", long451).size());
    assertEquals(0, SourceRules.offences("f", "x\n".repeat(SourceRules.LINES_MAX)).size());
    for (String bad :
        List.of(
            "// TO" + "DO later",
            "e.printStack" + "Trace();",
            "@Dis" + "abled\nvoid t() {}",
            "} catch (Exc" + "eption e) { count++; }",
            "} catch (Throw" + "able t) {\n  log(t);\n}",
            "} catch (IOException e) {\n" + "}",
            "final class Log" + "Utils {}",
            "interface Session" + "Manager {}",
            "record Disk" + "Impl(int a) {}")) {
      assertEquals(1, SourceRules.offences("f", bad).size(), bad);
    }
    assertEquals(
        List.of("f:2: a swallowed exception"),
        SourceRules.offences("f", "try {\n} catch (IOException e) {" + "}"));
    assertEquals(
        List.of(),
        SourceRules.offences("f", "} catch (Throw" + "able e) {\n  throw broken(e);\n}"));
  }
}

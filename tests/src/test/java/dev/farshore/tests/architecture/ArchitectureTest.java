package dev.farshore.tests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Module arrows, package confinement, and what must not be called (design, "The house"). */
class ArchitectureTest {
  private static final String LOG = "dev.farshore.log..";
  private static final String LINK = "dev.farshore.link..";
  private static final String APPLIANCE = "dev.farshore.appliance..";
  private static final String AGENT = "dev.farshore.agent..";
  private static final String EMULAB = "dev.farshore.emulab..";

  /** What a person types ends here, and what is printed begins here. */
  private static final String[] COMMANDS = {
    "dev.farshore.agent.command..", "dev.farshore.emulab.command..",
  };

  /** Where the real world enters: loops, clocks, sockets, child processes. */
  private static final String[] COMPOSITION = {
    "dev.farshore.agent.command..",
    "dev.farshore.agent.control..",
    "dev.farshore.agent.demo..",
    "dev.farshore.agent.site..",
    "dev.farshore.emulab.command..",
    "dev.farshore.emulab.flow..",
    "dev.farshore.emulab.testbed.live..",
    "dev.farshore.emulab.tun..",
    "dev.farshore.emulab.wan..",
    "dev.farshore.emulab.bench..",
    "dev.farshore.link.netty..",
    "dev.farshore.link.tcp..",
    "dev.farshore.link.udp..",
    "dev.farshore.appliance.nbd..",
  };

  private static final ArchRule ARROWS =
      layeredArchitecture()
          .consideringOnlyDependenciesInAnyPackage("dev.farshore..")
          .withOptionalLayers(true)
          .layer("log-store")
          .definedBy(LOG)
          .layer("fec-link")
          .definedBy(LINK)
          .layer("appliance")
          .definedBy(APPLIANCE)
          .layer("mirror-agent")
          .definedBy(AGENT)
          .layer("emulab")
          .definedBy(EMULAB)
          .layer("tests")
          .definedBy("dev.farshore.tests..")
          .whereLayer("log-store")
          .mayOnlyBeAccessedByLayers("appliance", "mirror-agent", "emulab", "tests")
          .whereLayer("fec-link")
          .mayOnlyBeAccessedByLayers("mirror-agent", "emulab", "tests")
          .whereLayer("appliance")
          .mayOnlyBeAccessedByLayers("mirror-agent", "emulab", "tests")
          .whereLayer("mirror-agent")
          .mayOnlyBeAccessedByLayers("emulab", "tests")
          .whereLayer("emulab")
          .mayOnlyBeAccessedByLayers("tests")
          .whereLayer("tests")
          .mayNotBeAccessedByAnyLayer();

  private static ArchRule only(String what, String library, String... packages) {
    return noClasses()
        .that(resideOutsideOfPackages(packages))
        .should()
        .dependOnClassesThat(resideInAnyPackage(library))
        .as(what + " stays in " + List.of(packages))
        .allowEmptyShould(true);
  }

  private static final ArchRule CHRONICLE =
      only("Chronicle", "net.openhft..", "dev.farshore.log.chronicle..");

  /** The running site makes the loop that the NBD and link packages run on. */
  private static final ArchRule NETTY =
      only(
          "Netty",
          "io.netty..",
          "dev.farshore.link.netty..",
          "dev.farshore.link.tcp..",
          "dev.farshore.link.udp..",
          "dev.farshore.appliance.nbd..",
          "dev.farshore.agent.site..",
          "dev.farshore.emulab.flow..",
          "dev.farshore.emulab.wan..");

  private static final ArchRule PICOCLI = only("picocli", "picocli..", COMMANDS);

  private static final ArchRule TOML = only("TOML", "org.tomlj..", "dev.farshore.agent.config..");

  /** Drawing needs fonts and a canvas, which no other part should wait for. */
  private static final ArchRule CHARTS =
      only("drawing", "org.jfree..", "dev.farshore.emulab.report.chart..");

  private static final ArchRule SVG =
      only("SVG", "org.apache.batik..", "dev.farshore.emulab.report.chart..");

  private static final ArchRule JSON =
      only(
          "Jackson",
          "com.fasterxml.jackson..",
          "dev.farshore.agent.command..",
          "dev.farshore.agent.control..",
          "dev.farshore.agent.demo..",
          "dev.farshore.agent.status..",
          "dev.farshore.emulab..");

  private static final ArchRule CONSOLE =
      noClasses()
          .that(resideOutsideOfPackages(COMMANDS))
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err");

  private static final ArchRule SLEEP =
      noClasses()
          .should()
          .callMethod(Thread.class, "sleep", long.class)
          .orShould()
          .callMethod(Thread.class, "sleep", java.time.Duration.class)
          .orShould()
          .callMethod(Thread.class, "sleep", long.class, int.class);

  private static final ArchRule CLOCKS =
      noClasses()
          .that(resideOutsideOfPackages(COMPOSITION))
          .should()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(java.time.Instant.class, "now");

  private static final ArchRule RANDOMNESS =
      noClasses()
          .should()
          .callMethod(Math.class, "random")
          .orShould()
          .callMethod(java.util.UUID.class, "randomUUID")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.util.concurrent.ThreadLocalRandom");

  /** Step functions have no threads; the disk and the composition do. */
  private static final ArchRule THREADS =
      noClasses()
          .that(not(resideInAnyPackage(COMPOSITION)))
          .and(resideOutsideOfPackages("dev.farshore.log.disk.."))
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.Thread")
          .orShould()
          .dependOnClassesThat()
          .haveNameMatching("java\\.util\\.concurrent\\.(Executor.*|CompletableFuture|Future)");

  /** Only the disk's package, the configuration and the composition know of files. */
  private static final ArchRule FILES =
      noClasses()
          .that(not(resideInAnyPackage(COMPOSITION)))
          .and(
              resideOutsideOfPackages(
                  "dev.farshore.log.disk..",
                  "dev.farshore.log.chronicle..",
                  "dev.farshore.agent.config..",
                  "dev.farshore.emulab.."))
          .should()
          .dependOnClassesThat()
          .haveNameMatching(
              "java\\.nio\\.file\\.(Files|Path|Paths)|java\\.io\\.(File|RandomAccessFile)");

  @Test
  void modulesDependOnlyAlongTheArrows() {
    ARROWS.check(House.EVERYTHING);
  }

  @Test
  void chronicleStaysInItsPackage() {
    CHRONICLE.check(House.CLASSES);
  }

  @Test
  void nettyStaysInTheNetworkPackages() {
    NETTY.check(House.CLASSES);
  }

  @Test
  void picocliStaysInTheCommandLine() {
    PICOCLI.check(House.CLASSES);
  }

  @Test
  void tomlAndJsonStayAtTheEdge() {
    TOML.check(House.CLASSES);
    JSON.check(House.CLASSES);
  }

  @Test
  void drawingStaysInThePackageOfCharts() {
    CHARTS.check(House.CLASSES);
    SVG.check(House.CLASSES);
  }

  @Test
  void onlyTheCommandLinePrints() {
    CONSOLE.check(House.CLASSES);
  }

  @Test
  void nobodySleeps() {
    SLEEP.check(House.CLASSES);
  }

  @Test
  void timeComesInAsAnArgument() {
    CLOCKS.check(House.CLASSES);
  }

  @Test
  void randomnessComesInAsAnArgument() {
    RANDOMNESS.check(House.CLASSES);
  }

  @Test
  void stepFunctionsHaveNoThreads() {
    THREADS.check(House.CLASSES);
  }

  @Test
  void onlyTheDiskAndTheEdgesKnowFiles() {
    FILES.check(House.CLASSES);
  }

  @Test
  void theRulesWereHeldAgainstTheWholeProduct() {
    for (String module : List.of("log", "link", "appliance", "agent", "emulab")) {
      assertTrue(
          House.CLASSES.stream()
              .anyMatch(c -> c.getPackageName().startsWith("dev.farshore." + module)),
          "no class of " + module);
    }
  }

  /** Breaks the rules on purpose. */
  static final class Offender {
    static long offend() throws InterruptedException {
      Thread.sleep(0);
      System.out.println(Math.random());
      return System.nanoTime();
    }
  }

  @Test
  void theRulesBite() {
    var offender = new ClassFileImporter().importClasses(Offender.class);
    for (ArchRule rule : List.of(CONSOLE, SLEEP, CLOCKS, RANDOMNESS, THREADS)) {
      assertTrue(rule.evaluate(offender).hasViolation(), rule.getDescription());
    }
    assertFalse(CHRONICLE.evaluate(offender).hasViolation());
  }
}

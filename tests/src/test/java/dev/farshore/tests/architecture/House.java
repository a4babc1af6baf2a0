package dev.farshore.tests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;

/** Where the product's classes and sources are. */
final class House {
  /** Every class of the product, and what the tests are made of. */
  static final JavaClasses EVERYTHING =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.farshore");

  /** Every class of the product. */
  static final JavaClasses CLASSES = EVERYTHING.that(not(resideInAPackage("dev.farshore.tests..")));

  private House() {}

  /** The directory of the parent POM. */
  static Path root() {
    Path directory = Path.of("").toAbsolutePath();
    while (!Files.exists(directory.resolve("mirror-agent/pom.xml"))) {
      directory = directory.getParent();
      if (directory == null) {
        throw new IllegalStateException("not inside the repository");
      }
    }
    return directory;
  }
}

package dev.farshore.emulab.bench;

import dev.farshore.agent.mirror.SyncMode;
import dev.farshore.appliance.export.Export;
import dev.farshore.emulab.results.Product;
import dev.farshore.link.session.CodeSettings;
import dev.farshore.log.SegmentLog;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The Farshore that this is part of. */
public final class ThisProduct {

  /** A class of each module: where it was loaded from, there are the others. */
  private static final List<Class<?>> MODULES =
      List.of(
          ThisProduct.class, SyncMode.class, Export.class, CodeSettings.class, SegmentLog.class);

  private static final String UNKNOWN = "unknown";
  private static final String REPORTS = "dev/farshore/emulab/report";
  private static final int DIGEST_BYTES = 6;

  private ThisProduct() {}

  /** The commit is what the launcher says in {@code farshore.commit}. */
  public static Product describe() throws IOException {
    String version =
        Optional.ofNullable(ThisProduct.class.getPackage().getImplementationVersion())
            .orElse(UNKNOWN);
    return new Product(version, System.getProperty("farshore.commit", UNKNOWN), code());
  }

  /**
   * The same for the same classes, in jars or in directories. Those that make reports of what is
   * there may change: a report can be made again at any time.
   */
  private static String code() throws IOException {
    MessageDigest digest = sha256();
    for (Class<?> module : MODULES) {
      Path place = place(module);
      if (Files.isDirectory(place)) {
        add(place, digest);
      } else {
        try (FileSystem jar = FileSystems.newFileSystem(place)) {
          add(jar.getPath("/"), digest);
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest(), 0, DIGEST_BYTES);
  }

  private static Path place(Class<?> module) throws IOException {
    try {
      return Path.of(module.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IOException("the classes of " + module.getName() + " are nowhere", e);
    }
  }

  private static void add(Path root, MessageDigest digest) throws IOException {
    List<Path> classes;
    try (Stream<Path> files = Files.walk(root)) {
      classes =
          files
              .filter(file -> file.toString().endsWith(".class"))
              .filter(
                  file -> !root.relativize(file).startsWith(root.getFileSystem().getPath(REPORTS)))
              .sorted(java.util.Comparator.comparing(file -> root.relativize(file).toString()))
              .toList();
    }
    for (Path file : classes) {
      digest.update(root.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
      digest.update(Files.readAllBytes(file));
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

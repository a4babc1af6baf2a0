package dev.farshore.appliance.nbd;

import dev.farshore.appliance.export.Export;
import dev.farshore.appliance.export.ExportDirectory;
import java.util.Optional;

/**
 * The export of a handshake's last INFO, kept open so that a GO that follows at once tells the
 * same, as section "Option types" demands.
 */
final class DescribedExport {

  private record Described(String name, Export export) {}

  private final ExportDirectory exports;
  private Optional<Described> described = Optional.empty();

  DescribedExport(ExportDirectory exports) {
    this.exports = exports;
  }

  /** INFO has told of this export; it is this object's until it is opened or forgotten. */
  void keep(String name, Export export) {
    described = Optional.of(new Described(name, export));
  }

  /** The export that is kept under that name, or a fresh one. The caller's from now on. */
  Optional<Export> open(String name) {
    if (described.isPresent() && described.get().name().equals(name)) {
      Optional<Export> export = Optional.of(described.get().export());
      described = Optional.empty();
      return export;
    }
    forget();
    return exports.open(name);
  }

  void forget() {
    described.ifPresent(last -> last.export().close());
    described = Optional.empty();
  }
}

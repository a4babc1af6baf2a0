package dev.farshore.appliance.export;

import java.util.List;
import java.util.Optional;

/** A directory of exports that are always there; the first is the default one. */
public record FixedDirectory(List<Export> exports) implements ExportDirectory {

  public static FixedDirectory of(Export... exports) {
    return new FixedDirectory(List.of(exports));
  }

  @Override
  public List<String> names() {
    return exports.stream().map(Export::name).toList();
  }

  @Override
  public Optional<Export> open(String name) {
    return exports.stream()
        .filter(export -> name.isEmpty() || export.name().equals(name))
        .findFirst();
  }
}

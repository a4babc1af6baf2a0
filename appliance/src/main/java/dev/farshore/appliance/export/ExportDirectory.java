package dev.farshore.appliance.export;

import java.util.List;
import java.util.Optional;

/** Which exports there are. Called on the loop that owns them. */
public interface ExportDirectory {

  List<String> names();

  /**
   * Opens an export for one connection.
   *
   * @param name as the client sent it; the empty name is the default export
   * @return empty if there is none of that name
   */
  Optional<Export> open(String name);
}

package dev.farshore.tests.sim;

import dev.farshore.log.record.Epoch;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Every record that a leading site ever appended. Looked up only, so its order does not matter. */
final class Lineage {

  private record Key(Epoch epoch, long lsn) {}

  private final Map<Key, List<LogEntry>> appended = new HashMap<>();

  void add(LogEntry entry) {
    appended
        .computeIfAbsent(new Key(entry.position().epoch(), entry.lsn()), key -> new ArrayList<>(1))
        .add(entry);
  }

  /** Whether a leader appended exactly this record. */
  boolean knows(LogEntry replica) {
    return appended
        .getOrDefault(new Key(replica.position().epoch(), replica.lsn()), List.of())
        .stream()
        .anyMatch(replica::sameAs);
  }
}

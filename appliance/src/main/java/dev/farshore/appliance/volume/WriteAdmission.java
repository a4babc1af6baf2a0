package dev.farshore.appliance.volume;

import dev.farshore.appliance.export.Export.Failure;
import dev.farshore.log.record.Epoch;

/**
 * Whether a group takes changes from its clients now, and under which leadership. Asked on the
 * group's thread, before every change.
 */
@FunctionalInterface
public interface WriteAdmission {

  /** An answer. */
  sealed interface Verdict {}

  /** Append it, in this epoch. */
  record Granted(Epoch epoch) implements Verdict {}

  /**
   * Not now: too much is at risk already, or the mode cannot be kept. The change waits, in order,
   * until {@link GroupVolumes#admissionChanged}.
   */
  record Held() implements Verdict {}

  /** Not any more: answered at once. {@link Failure#SHUTTING_DOWN} when another site leads. */
  record Refused(Failure failure, String reason) implements Verdict {}

  /**
   * @param bytes payload of the change, 0 for zeros, trims and flushes
   */
  Verdict admit(long bytes);
}

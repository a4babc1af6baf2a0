package dev.farshore.agent.config;

import dev.farshore.agent.config.GroupConfig.OnExposure;
import dev.farshore.agent.config.GroupConfig.OnQuota;

/** What two settings of a group together mean for its clients while the mirror is away. */
public final class MirrorAbsence {

  private MirrorAbsence() {}

  /** A sentence for an administrator, of what happens and after how much. */
  public static String of(GroupConfig group) {
    GroupConfig.Exposure exposure = group.exposure();
    GroupConfig.Storage storage = group.storage();
    String limits =
        Quantity.SIZE.exact(exposure.maxBytes())
            + " of writes, or "
            + Quantity.DURATION.exact(exposure.maxNanos())
            + ", are unconfirmed";
    String full =
        "when "
            + Quantity.SIZE.exact(storage.quotaBytes())
            + " of log are kept for it, "
            + (storage.beyond() == OnQuota.BLOCK
                ? "writes wait until it is back"
                : "it is given up: writes go on unprotected, and it is copied anew later");
    String start = "group " + group.name() + ": while " + group.peer() + " is away, ";
    if (exposure.beyond() == OnExposure.DEGRADE) {
      return start
          + (group.promise().mode() == GroupConfig.Mode.REMOTE ? "writes wait, and " : "writes ")
          + "are answered as in mode local once "
          + limits
          + "; "
          + full
          + " (on-exposure = \"degrade\", on-quota = \""
          + Section.wordOf(storage.beyond())
          + "\")";
    }
    if (group.promise().mode() == GroupConfig.Mode.REMOTE) {
      return start + "writes wait until it is back (mode = \"remote\", on-exposure = \"block\")";
    }
    String early = exposure.maxBytes() < storage.quotaBytes() ? "" : "; or, if that comes first, ";
    return start
        + "writes wait once "
        + limits
        + ", until it is back"
        + (early.isEmpty() ? "" : early + full)
        + " (on-exposure = \"block\")";
  }
}

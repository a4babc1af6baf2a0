package dev.farshore.log.group;

import dev.farshore.log.record.Change;
import dev.farshore.log.record.RecordType;
import dev.farshore.log.record.RecordView;
import java.util.ArrayList;
import java.util.List;

/** The records of one append of another site's log, which arrive one by one. */
final class ReplicaAppend {
  private final VolumeTable volumes;
  private final List<Change> changes = new ArrayList<>();
  private ChangeCheck check;

  ReplicaAppend(VolumeTable volumes) {
    this.volumes = volumes;
    this.check = new ChangeCheck(volumes);
  }

  /** Whether nothing of it has arrived yet. */
  boolean empty() {
    return changes.isEmpty();
  }

  /**
   * Whether a record can be the next one of it.
   *
   * @param record whose header has been verified
   */
  boolean fits(RecordView record) {
    if (record.firstOfAppend() != changes.isEmpty() || changes.size() == GroupStore.CHANGES_MAX) {
      return false;
    }
    // The payload of a write plays no part here, and is verified by the log.
    if (record.type() != RecordType.WRITE && !record.verifyPayload()) {
      return false;
    }
    return check.misfit(record.change()).isEmpty();
  }

  /** The record is in the log. */
  void take(Change change) {
    changes.add(change);
  }

  /** The record that was found to fit is not in the log. */
  void refuse() {
    check = new ChangeCheck(volumes);
    changes.forEach(check::misfit);
  }

  /** All of it has arrived: makes the volumes follow. */
  void apply(long lastLsn) {
    long lsn = lastLsn - changes.size();
    for (Change change : changes) {
      volumes.apply(++lsn, change);
    }
    clear();
  }

  /** Forgets what has arrived. */
  void clear() {
    changes.clear();
    check = new ChangeCheck(volumes);
  }
}

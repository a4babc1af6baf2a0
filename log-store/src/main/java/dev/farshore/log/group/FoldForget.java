package dev.farshore.log.group;

import dev.farshore.log.overlay.Pieces;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes what a fold has brought into the images out of the overlays of the present volumes, a
 * bounded number of pieces at a time. Until then readers ignore those pieces by their LSN.
 */
final class FoldForget {
  private static final int STEP_PIECES = 2048;

  private final VolumeTable present;
  private final List<VolumeState> folded;
  private final long lsn;
  private int volume;
  private long offset;

  /**
   * @param batch the volumes as the fold's records made them
   * @param lsn the last record of the fold
   */
  FoldForget(VolumeTable present, VolumeTable batch, long lsn) {
    this.present = present;
    this.folded = new ArrayList<>(batch.states());
    this.lsn = lsn;
  }

  /** Does some of it; false once nothing is left. */
  boolean step() {
    if (volume == folded.size()) {
      return false;
    }
    VolumeState state = folded.get(volume);
    Forgetting pieces =
        new Forgetting(present.find(state.info().volume()).filter(p -> p.bornLsn() <= lsn));
    state.overlay().visit(offset, Long.MAX_VALUE, 0, pieces);
    if (pieces.count == STEP_PIECES) {
      offset = pieces.end;
    } else {
      volume++;
      offset = 0;
    }
    return true;
  }

  private final class Forgetting implements Pieces {
    private final Optional<VolumeState> target;
    private int count;
    private long end;

    Forgetting(Optional<VolumeState> target) {
      this.target = target;
    }

    @Override
    public boolean base(long from, long to) {
      return true;
    }

    @Override
    public boolean piece(long from, long to, long byLsn, int place) {
      target.ifPresent(state -> state.overlay().forget(from, to, lsn));
      count++;
      end = to;
      return count < STEP_PIECES;
    }
  }
}

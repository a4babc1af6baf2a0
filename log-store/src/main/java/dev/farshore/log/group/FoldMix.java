package dev.farshore.log.group;

import dev.farshore.log.disk.Completion;
import dev.farshore.log.image.BaseImage;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What a fold's batch does to each volume, and the blocks of it that keep some of their old bytes,
 * made in memory. Owned by the group's thread.
 */
final class FoldMix {
  private final List<VolumePlan> plans = new ArrayList<>();
  private final List<Sequence.Step> reads = new ArrayList<>();
  private final Optional<FoldIntent> again;

  /**
   * @param images as they are before the batch
   * @param again the intent of an interrupted fold that is done again; empty in any other
   */
  FoldMix(FoldBatch batch, BaseImages images, Optional<FoldIntent> again) {
    this.again = again;
    for (VolumeState state : batch.table().states()) {
      Optional<BaseImage> image =
          state.bornLsn() == 0 ? images.find(state.info().volume()) : Optional.empty();
      VolumePlan plan = new VolumePlan(batch, state, image.map(BaseImage::sizeBytes).orElse(0L));
      if (plan.changes()) {
        plans.add(plan);
        image.ifPresent(found -> reads.add(next -> read(found, plan, next)));
      }
    }
  }

  /** Makes the mixed blocks. */
  void run(Completion completion) {
    Sequence.run(reads, completion);
  }

  private void read(BaseImage image, VolumePlan plan, Completion next) {
    if (again.isPresent()) {
      MixedReader.readAgain(image, plan, again.get(), next);
    } else {
      MixedReader.read(image, plan, next);
    }
  }

  /** Of the volumes that change. */
  List<VolumePlan> plans() {
    return plans;
  }

  /** The mixed blocks by volume and block. */
  TreeMap<Integer, TreeMap<Long, MixedBlock>> blocks() {
    TreeMap<Integer, TreeMap<Long, MixedBlock>> blocks = new TreeMap<>();
    plans.forEach(plan -> blocks.put(plan.state().info().volume(), plan.mixed()));
    return blocks;
  }

  /** Why one of them cannot be made. */
  Optional<IOException> damage() {
    return plans.stream().flatMap(plan -> plan.damage().stream()).findFirst();
  }

  /**
   * What has to be known of them if the fold is interrupted.
   *
   * @param toLsn last record of the batch
   */
  FoldIntent intent(long toLsn) {
    List<FoldIntent.Block> blocks = new ArrayList<>();
    plans.forEach(plan -> plan.intend(blocks));
    return new FoldIntent(toLsn, blocks);
  }
}

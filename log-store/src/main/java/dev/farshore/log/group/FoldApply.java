package dev.farshore.log.group;

import dev.farshore.log.disk.AllOf;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.group.Sequence.Step;
import dev.farshore.log.image.BaseImage;
import dev.farshore.log.image.ImageName;
import dev.farshore.log.image.SumsCache;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/**
 * Brings the images to where a batch leads, durably; may be done over from the start.
 *
 * <p>All bytes are forced before the first sum is written. So a block whose sum says that it is a
 * hole is one on disk too, and a fold that is done again after a crash need not clear it. The sum
 * itself is another matter: it may be one that an earlier try wrote and a failed force lost, and
 * which only the page cache claims. So a fold that is done again writes every sum.
 */
final class FoldApply {
  private final Disk disk;
  private final SumsCache cache;
  private final BaseImages images;
  private final FoldBatch batch;
  private final List<VolumePlan> plans;
  private final long generation;
  private boolean triedBefore;
  private final TreeMap<Integer, BaseImage> created = new TreeMap<>();
  private long writtenBytes;

  /**
   * @param again whether an earlier process may have begun to apply the batch
   */
  FoldApply(
      Disk disk,
      SumsCache cache,
      BaseImages images,
      FoldBatch batch,
      List<VolumePlan> plans,
      long generation,
      boolean again) {
    this.disk = disk;
    this.cache = cache;
    this.images = images;
    this.batch = batch;
    this.plans = plans;
    this.generation = generation;
    this.triedBefore = again;
  }

  /** Images of volumes that the batch creates; nobody else has them before it is complete. */
  List<BaseImage> created() {
    return List.copyOf(created.values());
  }

  /** Bytes that were written to images so far. */
  long writtenBytes() {
    return writtenBytes;
  }

  void run(WriteBuffers buffers, Completion completion) {
    List<Step> steps = new ArrayList<>();
    boolean everySum = triedBefore;
    triedBefore = true;
    for (VolumePlan plan : plans) {
      steps.add(next -> writeBlocks(plan, buffers, next));
    }
    steps.add(next -> forAll(next, (image, one) -> image.forceBlocks(one)));
    for (VolumePlan plan : plans) {
      steps.add(next -> new SumsWriter(batch, image(plan), plan.items(), everySum).run(next));
    }
    steps.add(next -> forAll(next, (image, one) -> image.sums().force(one)));
    steps.add(this::forceNames);
    Sequence.run(steps, completion);
  }

  private void writeBlocks(VolumePlan plan, WriteBuffers buffers, Completion next)
      throws IOException {
    BaseImage image = image(plan);
    if (image.sizeBytes() < plan.endBytes()) {
      image.resize(plan.endBytes());
    }
    BlocksWriter writer = new BlocksWriter(batch, image, plan.items(), buffers);
    writer.run(new After(() -> writtenBytes += writer.writtenBytes(), next));
  }

  private BaseImage image(VolumePlan plan) throws IOException {
    int volume = plan.state().info().volume();
    if (plan.state().bornLsn() == 0) {
      return images.find(volume).orElseThrow();
    }
    BaseImage image = created.get(volume);
    if (image == null) {
      image = BaseImage.create(disk, new ImageName(volume, generation), plan.endBytes(), cache);
      created.put(volume, image);
    }
    return image;
  }

  /** Something to do with an image. */
  private interface Operation {
    void submit(BaseImage image, Completion completion);
  }

  private void forAll(Completion next, Operation operation) throws IOException {
    AllOf all = new AllOf(next);
    for (VolumePlan plan : plans) {
      operation.submit(image(plan), all.one());
    }
    all.submitted();
  }

  private void forceNames(Completion next) throws IOException {
    if (!created.isEmpty()) {
      disk.forceDirectory();
    }
    next.done();
  }
}

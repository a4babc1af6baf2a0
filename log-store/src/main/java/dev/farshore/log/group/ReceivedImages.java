package dev.farshore.log.group;

import dev.farshore.log.disk.AllOf;
import dev.farshore.log.disk.Awaited;
import dev.farshore.log.disk.Completion;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.image.BaseImage;
import dev.farshore.log.image.BlockSum;
import dev.farshore.log.image.ImageName;
import dev.farshore.log.image.SumsCache;
import dev.farshore.log.record.RecordFormat;
import dev.farshore.log.slot.SlotsDamagedException;
import dev.farshore.log.slot.TwoSlotFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Base images of the next generation, which are received beside those in service, with their
 * progress in a file of its own. Owned by the group's thread.
 */
final class ReceivedImages implements ImageReplacement {
  private static final int BLOCK = RecordFormat.BLOCK_BYTES;

  /** Puts the new images in the place of the old ones; closes them if it does not. */
  interface Swap {
    void swap(ReplacementState received, Collection<BaseImage> images, String asideName)
        throws IOException;
  }

  private final Disk disk;
  private final TwoSlotFile file;
  private final TreeMap<Integer, BaseImage> images;
  private final Swap swap;
  private final Barrier writes = new Barrier();
  private final TreeSet<Integer> unforced = new TreeSet<>();
  private ReplacementState state;
  private boolean advancing;
  private boolean over;
  private IOException failure;

  private ReceivedImages(
      Disk disk,
      TwoSlotFile file,
      ReplacementState state,
      TreeMap<Integer, BaseImage> images,
      Swap swap) {
    this.disk = disk;
    this.file = file;
    this.state = state;
    this.images = images;
    this.swap = swap;
    // Their sizes, and what was cut off when an unfinished one was opened, are not durable.
    unforced.addAll(images.keySet());
  }

  /** Starts it, or goes on with what is on disk if that is the same. Blocks. */
  static ReceivedImages open(Disk disk, SumsCache cache, ReplacementState wanted, Swap swap)
      throws IOException {
    if (disk.exists(ReplacementState.FILE)) {
      try {
        TwoSlotFile file = TwoSlotFile.open(disk, ReplacementState.FILE, ReplacementState.FORMAT);
        ReplacementState found = ReplacementState.decode(file.value());
        if (found.continues(wanted)) {
          return new ReceivedImages(disk, file, found, openImages(disk, cache, found), swap);
        }
        file.close();
      } catch (SlotsDamagedException unreadable) {
        // Without its progress it is worth nothing, and nothing depends on it: it starts afresh.
      }
      delete(disk);
    }
    TreeMap<Integer, BaseImage> images = new TreeMap<>();
    for (VolumeInfo info : wanted.volumes()) {
      images.put(info.volume(), create(disk, cache, wanted, info));
    }
    disk.forceDirectory();
    TwoSlotFile file =
        TwoSlotFile.create(disk, ReplacementState.FILE, ReplacementState.FORMAT, wanted.encode());
    return new ReceivedImages(disk, file, wanted, images, swap);
  }

  private static TreeMap<Integer, BaseImage> openImages(
      Disk disk, SumsCache cache, ReplacementState found) throws IOException {
    TreeMap<Integer, BaseImage> images = new TreeMap<>();
    for (VolumeInfo info : found.volumes()) {
      int order = Integer.compare(info.volume(), found.progress().volume());
      long good =
          order < 0
              ? info.sizeBytes()
              : order > 0 ? 0 : Math.min(found.progress().offset(), info.sizeBytes());
      ImageName name = new ImageName(info.volume(), found.generation());
      images.put(info.volume(), BaseImage.openUpTo(disk, name, info.sizeBytes(), good, cache));
    }
    return images;
  }

  private static BaseImage create(
      Disk disk, SumsCache cache, ReplacementState state, VolumeInfo info) throws IOException {
    ImageName name = new ImageName(info.volume(), state.generation());
    return BaseImage.create(disk, name, info.sizeBytes(), cache);
  }

  /** Forgets what there is; the images go when the store is opened, or are made anew. */
  private static void delete(Disk disk) throws IOException {
    disk.delete(ReplacementState.FILE);
    disk.forceDirectory();
  }

  /** Whether it was committed, abandoned or closed. */
  boolean over() {
    return over;
  }

  @Override
  public Progress progress() {
    return state.progress();
  }

  @Override
  public void write(int volume, long offset, ByteBuffer data, Completion completion) {
    requireOpen();
    if (failure != null) {
      completion.failed(failure);
      return;
    }
    BaseImage image = image(volume);
    int length = data.remaining();
    boolean toEnd = offset + length == image.sizeBytes();
    if (offset < 0
        || offset % BLOCK != 0
        || offset + length > image.sizeBytes()
        || (length % BLOCK != 0 && !toEnd)) {
      throw new IllegalArgumentException(
          offset + "+" + length + " in volume " + volume + " of " + image.sizeBytes());
    }
    if (length == 0) {
      completion.done();
      return;
    }
    unforced.add(volume);
    long firstBlock = offset / BLOCK;
    ByteBuffer blocks = length % BLOCK == 0 ? data.slice() : padded(data);
    int[] sums = new int[blocks.remaining() / BLOCK];
    for (int i = 0; i < sums.length; i++) {
      sums[i] = BlockSum.ofData(blocks.slice(i * BLOCK, BLOCK));
    }
    AllOf both = new AllOf(writes.during(completion));
    image.writeBlocks(firstBlock, blocks, both.one());
    image
        .sums()
        .hold(
            firstBlock,
            firstBlock + sums.length,
            new After(() -> setSums(image, firstBlock, sums), both.one()));
    both.submitted();
  }

  private static void setSums(BaseImage image, long firstBlock, int[] sums) {
    for (int i = 0; i < sums.length; i++) {
      image.sums().set(firstBlock + i, sums[i]);
    }
    image.sums().release(firstBlock, firstBlock + sums.length);
  }

  private static ByteBuffer padded(ByteBuffer data) {
    int length = (data.remaining() + BLOCK - 1) / BLOCK * BLOCK;
    return ByteBuffer.allocate(length).put(data.duplicate()).clear();
  }

  @Override
  public void advance(Progress upTo, Completion completion) {
    requireOpen();
    if (advancing) {
      throw new IllegalStateException("the progress is being recorded");
    }
    long size = image(upTo.volume()).sizeBytes();
    if (upTo.compareTo(progress()) < 0 || upTo.offset() > size) {
      throw new IllegalArgumentException("from " + progress() + " to " + upTo);
    }
    long whole = upTo.offset() == size ? size : upTo.offset() / BLOCK * BLOCK;
    Progress reached = new Progress(upTo.volume(), whole);
    List<Sequence.Step> steps = forcing();
    steps.add(next -> record(reached, next));
    advancing = true;
    Sequence.run(steps, new Advanced(completion));
  }

  private final class Advanced implements Completion {
    private final Completion completion;

    Advanced(Completion completion) {
      this.completion = completion;
    }

    @Override
    public void done() {
      advancing = false;
      completion.done();
    }

    @Override
    public void failed(IOException cause) {
      advancing = false;
      failure = cause;
      completion.failed(cause);
    }
  }

  private void settle() {
    Drive drive = new Drive(disk, () -> false);
    while (advancing) {
      drive.step();
    }
  }

  private void record(Progress reached, Completion next) {
    ReplacementState advanced = state.advanced(reached);
    file.write(advanced.encode(), new After(() -> state = advanced, next));
  }

  /** Everything that was written so far is forced, bytes before sums. */
  private List<Sequence.Step> forcing() {
    List<Sequence.Step> steps = new ArrayList<>();
    steps.add(next -> writes.await(next::done));
    List<BaseImage> written = unforced.stream().map(images::get).toList();
    unforced.clear();
    for (BaseImage image : written) {
      steps.add(image::forceBlocks);
      steps.add(image.sums()::flush);
      steps.add(image.sums()::force);
    }
    return steps;
  }

  @Override
  public void commit(String asideName) throws IOException {
    requireOpen();
    settle();
    if (failure != null) {
      throw new IOException("an earlier write failed: " + failure.getMessage(), failure);
    }
    Awaited forced = new Awaited();
    Sequence.run(forcing(), forced);
    forced.join(disk);
    over = true;
    file.close();
    swap.swap(state, images.values(), asideName);
  }

  @Override
  public void abandon() throws IOException {
    close();
    delete(disk);
    for (BaseImage image : images.values()) {
      BaseImage.delete(disk, image.name());
    }
  }

  @Override
  public void close() throws IOException {
    if (over) {
      return;
    }
    over = true;
    settle();
    Awaited written = new Awaited();
    writes.await(written::done);
    written.join(disk);
    for (BaseImage image : images.values()) {
      image.close();
    }
    file.close();
  }

  private BaseImage image(int volume) {
    BaseImage image = images.get(volume);
    if (image == null) {
      throw new IllegalArgumentException("volume " + volume + " is not among the new images");
    }
    return image;
  }

  private void requireOpen() {
    if (over) {
      throw new IllegalStateException("the replacement is over");
    }
  }
}

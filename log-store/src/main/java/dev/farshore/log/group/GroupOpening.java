package dev.farshore.log.group;

import dev.farshore.log.LogDamagedException;
import dev.farshore.log.SegmentLog;
import dev.farshore.log.SegmentLogs;
import dev.farshore.log.disk.Disk;
import dev.farshore.log.image.BaseImage;
import dev.farshore.log.image.ImageName;
import dev.farshore.log.image.SumsCache;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.slot.SlotsDamagedException;
import dev.farshore.log.slot.TwoSlotFile;
import java.io.IOException;
import java.util.Optional;

/** Brings a group's files into order when its store is created or opened. Every method blocks. */
final class GroupOpening {
  private final Disk disk;
  private final SegmentLogs logs;

  GroupOpening(Disk disk, SegmentLogs logs) {
    this.disk = disk;
    this.logs = logs;
  }

  /** Makes an empty store; there is none until its superblock has its name. */
  void create() throws IOException {
    Superblock empty = Superblock.empty();
    deleteImages(empty, false);
    logs.create(Generation.logName(empty.generation()), LogPosition.START).close();
    TwoSlotFile.create(
            disk, SuperblockFile.NAME, SuperblockCodec.FORMAT, SuperblockCodec.encode(empty))
        .close();
  }

  /** Ends what a replacement left to do, and deletes what no superblock tells of. */
  void tidy(SuperblockFile superblock) throws IOException {
    Optional<Superblock.Aside> aside = superblock.now().aside();
    if (aside.isPresent()) {
      setAside(aside.get());
      superblock.write(superblock.now().withoutAside());
    }
    boolean receiving = receiving(superblock.now().generation() + 1);
    if (!receiving && disk.exists(ReplacementState.FILE)) {
      disk.delete(ReplacementState.FILE);
    }
    deleteImages(superblock.now(), receiving);
    logs.delete(Generation.logName(superblock.now().generation() + 1));
  }

  /** The name, or, if a log has it already, the name with the first number that makes it new. */
  String unusedName(String wanted) throws IOException {
    String name = wanted;
    for (int i = 2; logs.exists(name); i++) {
      name = wanted + "~" + i;
    }
    return name;
  }

  /** Keeps a log that is no longer in service under another name, or deletes it if it has none. */
  void setAside(Superblock.Aside aside) throws IOException {
    String log = Generation.logName(aside.generation());
    if (aside.name().isEmpty()) {
      logs.delete(log);
    } else {
      logs.setAside(log, aside.name());
    }
  }

  private boolean receiving(long generation) throws IOException {
    if (!disk.exists(ReplacementState.FILE)) {
      return false;
    }
    try (TwoSlotFile file =
        TwoSlotFile.open(disk, ReplacementState.FILE, ReplacementState.FORMAT)) {
      return ReplacementState.decode(file.value()).generation() == generation;
    } catch (SlotsDamagedException unreadable) {
      // A replacement without its progress starts afresh; nothing depends on it.
      return false;
    }
  }

  private void deleteImages(Superblock superblock, boolean receiving) throws IOException {
    for (String file : disk.list()) {
      Optional<ImageName> image = ImageName.ofFile(file);
      if (image.isPresent() && !belongs(image.get(), superblock, receiving)) {
        disk.delete(file);
      }
    }
  }

  private static boolean belongs(ImageName image, Superblock superblock, boolean receiving) {
    if (image.generation() == superblock.generation()) {
      return superblock.volumes().stream().anyMatch(info -> info.volume() == image.volume());
    }
    return receiving && image.generation() == superblock.generation() + 1;
  }

  /** Opens log and images, and makes the volumes of both. */
  Generation generation(Superblock superblock, SumsCache cache) throws IOException {
    SegmentLog log = logs.open(Generation.logName(superblock.generation()));
    BaseImages images = new BaseImages(superblock.folded());
    try {
      checkContinues(log, superblock);
      for (VolumeInfo info : superblock.volumes()) {
        ImageName name = new ImageName(info.volume(), superblock.generation());
        if (superblock.intent().isPresent()) {
          BaseImage.distrustCache(disk, name);
        }
        images.put(BaseImage.open(disk, name, info.sizeBytes(), cache));
      }
    } catch (IOException e) {
      images.close();
      log.close();
      throw e;
    }
    VolumeTable volumes = new VolumeTable(superblock);
    return new Generation(superblock.generation(), log, images, volumes);
  }

  /**
   * Images and log must be of one history: all that the images hold was forced in the log before,
   * and what they do not hold is still in it.
   */
  private static void checkContinues(SegmentLog log, Superblock superblock) throws IOException {
    LogPosition folded = superblock.folded();
    long needed = superblock.intent().map(FoldIntent::toLsn).orElse(folded.lsn());
    if (log.appended() < needed || log.first() > folded.lsn() + 1) {
      throw new LogDamagedException(
          0,
          0,
          0,
          String.format(
              "the log has records %d to %d, and the images need those from %d to %d",
              log.first(), log.appended(), folded.lsn() + 1, needed));
    }
    Optional<LogPosition> inLog = log.positionAt(folded.lsn());
    if (inLog.isPresent() && !inLog.get().equals(folded)) {
      throw new IOException("the images hold " + folded + ", and the log says " + inLog.get());
    }
  }
}

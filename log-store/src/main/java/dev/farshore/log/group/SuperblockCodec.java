package dev.farshore.log.group;

import dev.farshore.log.group.Superblock.Aside;
import dev.farshore.log.record.LogPosition;
import dev.farshore.log.slot.SlotFormat;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The bytes of a superblock; the table is in the package's documentation. */
final class SuperblockCodec {

  /**
   * A slot has room for {@link VolumeTable#VOLUMES_MAX} volumes with the longest names (277 KB) and
   * for 48000 mixed blocks; {@link FoldBatch} gathers fewer.
   */
  static final SlotFormat FORMAT = new SlotFormat(0x4252455055535346L, 1, 1 << 20);

  private static final int INTENT_BLOCK_BYTES = 16;
  private static final int DEGRADED = 1;

  private SuperblockCodec() {}

  static ByteBuffer encode(Superblock superblock) {
    FoldIntent intent = superblock.intent().orElse(new FoldIntent(0, List.of()));
    Aside aside = superblock.aside().orElse(new Aside(0, ""));
    ValueWriter writer =
        new ValueWriter()
            .int64(superblock.generation())
            .position(superblock.folded())
            .int32(superblock.highestVolume())
            .volumes(superblock.volumes())
            .int64(aside.generation())
            .text(aside.name())
            .int64(intent.toLsn())
            .int32(intent.mixed().size());
    for (FoldIntent.Block block : intent.mixed()) {
      writer.int32(block.volume()).int64(block.block()).int32(block.sum());
    }
    if (superblock.degraded()) {
      writer.int32(DEGRADED);
    }
    return writer.value();
  }

  static Superblock decode(ByteBuffer value) throws IOException {
    ValueReader reader = new ValueReader(value, "the superblock");
    long generation = reader.int64();
    LogPosition folded = reader.position();
    int highest = reader.count();
    List<VolumeInfo> volumes = reader.volumes();
    Aside aside = new Aside(reader.int64(), reader.text());
    long toLsn = reader.int64();
    int count = reader.count();
    reader.needItems(count, INTENT_BLOCK_BYTES);
    List<FoldIntent.Block> mixed = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      mixed.add(new FoldIntent.Block(reader.count(), reader.int64(), reader.int32()));
    }
    boolean degraded = reader.hasMore();
    if (degraded) {
      reader.needValue(DEGRADED);
    }
    reader.end();
    return new Superblock(
        generation,
        folded,
        highest,
        volumes,
        degraded,
        aside.generation() == 0 ? Optional.empty() : Optional.of(aside),
        toLsn == 0 ? Optional.empty() : Optional.of(new FoldIntent(toLsn, mixed)));
  }
}

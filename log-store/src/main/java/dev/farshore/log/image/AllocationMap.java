package dev.farshore.log.image;

import java.util.Arrays;

/**
 * Which blocks of an image hold data, one bit each; a memory of the sums file. Long runs of holes
 * and of data take no memory beside one reference per 128 MiB of image; at worst it is 32 MiB per
 * TiB.
 */
final class AllocationMap {
  private static final int CHUNK_BLOCKS = 1 << 15;
  private static final int CHUNK_WORDS = CHUNK_BLOCKS / Long.SIZE;
  private static final long[] ALL_DATA = new long[CHUNK_WORDS];

  static {
    Arrays.fill(ALL_DATA, -1L);
  }

  private long[][] chunks = new long[0][];

  void resize(long blocks) {
    int count = Math.toIntExact((blocks + CHUNK_BLOCKS - 1) / CHUNK_BLOCKS);
    chunks = Arrays.copyOf(chunks, count);
  }

  boolean isData(long block) {
    long[] chunk = chunks[(int) (block / CHUNK_BLOCKS)];
    int bit = (int) (block % CHUNK_BLOCKS);
    return chunk != null && (chunk[bit / Long.SIZE] >>> bit & 1) != 0;
  }

  void set(long firstBlock, long endBlock, boolean data) {
    long block = firstBlock;
    while (block < endBlock) {
      int at = (int) (block / CHUNK_BLOCKS);
      int from = (int) (block % CHUNK_BLOCKS);
      int to = (int) Math.min(CHUNK_BLOCKS, from + (endBlock - block));
      if (from == 0 && to == CHUNK_BLOCKS) {
        chunks[at] = data ? ALL_DATA : null;
      } else if (data ? chunks[at] != ALL_DATA : chunks[at] != null) {
        setInChunk(at, from, to, data);
      }
      block += to - from;
    }
  }

  private void setInChunk(int at, int from, int to, boolean data) {
    long[] chunk = chunks[at];
    if (chunk == null) {
      chunk = new long[CHUNK_WORDS];
    } else if (chunk == ALL_DATA) {
      chunk = ALL_DATA.clone();
    }
    chunks[at] = chunk;
    for (int bit = from; bit < to; ) {
      int word = bit / Long.SIZE;
      int end = Math.min(to, (word + 1) * Long.SIZE);
      long mask = -1L >>> (Long.SIZE - (end - bit)) << bit;
      chunk[word] = data ? chunk[word] | mask : chunk[word] & ~mask;
      bit = end;
    }
    if (Arrays.equals(chunk, ALL_DATA)) {
      chunks[at] = ALL_DATA;
    }
  }

  /**
   * End of the run of blocks like {@code block} that begins there, at most {@code endBlock}.
   *
   * @param block before {@code endBlock}
   */
  long runEnd(long block, long endBlock) {
    boolean data = isData(block);
    long at = block + 1;
    while (at < endBlock) {
      long[] chunk = chunks[(int) (at / CHUNK_BLOCKS)];
      int bit = (int) (at % CHUNK_BLOCKS);
      if (chunk == null || chunk == ALL_DATA) {
        if ((chunk == ALL_DATA) != data) {
          return at;
        }
        at += CHUNK_BLOCKS - bit;
        continue;
      }
      long word = chunk[bit / Long.SIZE];
      long different = (data ? ~word : word) >>> bit;
      if (different != 0) {
        return Math.min(endBlock, at + Long.numberOfTrailingZeros(different));
      }
      at += Long.SIZE - bit % Long.SIZE;
    }
    return endBlock;
  }
}

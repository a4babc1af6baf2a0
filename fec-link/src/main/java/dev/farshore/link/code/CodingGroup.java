package dev.farshore.link.code;

import dev.farshore.link.packet.ErasureCode;
import dev.farshore.link.packet.Recipe;
import java.util.Arrays;

/**
 * A group on the sending side: members are added until it is full or closed early, then its repairs
 * can be read. Groups of a layer are used again; who holds one calls {@link LayerEncoder#release}
 * when its repairs have left. Owned by the sender's thread.
 */
public final class CodingGroup {

  private final Layer layer;
  private final ReedSolomonShards reedSolomon;
  // XOR: one running symbol. Reed-Solomon: data shards, then repairs.
  private final byte[][] shards;
  private long first;
  private int members;
  private int symbolBytes;
  private long firstNanos;
  private long lastNanos;
  private Recipe recipe;

  // Links of the list of open groups in LayerEncoder.
  CodingGroup previous;
  CodingGroup next;

  CodingGroup(Layer layer, ReedSolomonShards reedSolomon, int maxSymbolBytes) {
    this.layer = layer;
    this.reedSolomon = reedSolomon;
    int count = layer.code() == ErasureCode.XOR ? 1 : layer.data() + layer.repairs();
    this.shards = new byte[count][maxSymbolBytes];
  }

  void open(long sequence, long nowNanos) {
    first = sequence;
    firstNanos = nowNanos;
    members = 0;
    symbolBytes = 0;
    recipe = null;
  }

  void add(
      int offsetBits, int check, byte[] bytes, int payloadAt, int payloadLength, long nowNanos) {
    int length = Symbol.HEADER_BYTES + payloadLength;
    if (layer.code() == ErasureCode.XOR) {
      byte[] sum = shards[0];
      if (length > symbolBytes) {
        Arrays.fill(sum, symbolBytes, length, (byte) 0);
      }
      Symbol.xorHeader(sum, payloadLength, offsetBits, check);
      Symbol.xor(sum, Symbol.HEADER_BYTES, bytes, payloadAt, payloadLength);
    } else {
      byte[] shard = shards[members];
      Symbol.putHeader(shard, payloadLength, offsetBits, check);
      System.arraycopy(bytes, payloadAt, shard, Symbol.HEADER_BYTES, payloadLength);
      Arrays.fill(shard, length, shard.length, (byte) 0);
    }
    symbolBytes = Math.max(symbolBytes, length);
    members++;
    lastNanos = nowNanos;
  }

  void close() {
    if (reedSolomon != null) {
      for (int i = members; i < layer.data(); i++) {
        Arrays.fill(shards[i], 0, symbolBytes, (byte) 0);
      }
      reedSolomon.encode(shards, symbolBytes);
    }
    recipe = layer.recipe(first, members);
  }

  public boolean isFull() {
    return members == layer.data();
  }

  public Layer layer() {
    return layer;
  }

  /** The recipe of a closed group. */
  public Recipe recipe() {
    return recipe;
  }

  /**
   * The array whose first {@link #symbolBytes} bytes are repair {@code index} of a closed group.
   */
  public byte[] repair(int index) {
    return layer.code() == ErasureCode.XOR ? shards[0] : shards[layer.data() + index];
  }

  public int symbolBytes() {
    return symbolBytes;
  }

  /** When the first member was added. */
  public long firstNanos() {
    return firstNanos;
  }

  /** When the latest member was added. */
  public long lastNanos() {
    return lastNanos;
  }

  long first() {
    return first;
  }
}

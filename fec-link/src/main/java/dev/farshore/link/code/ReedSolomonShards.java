package dev.farshore.link.code;

import com.backblaze.erasure.ReedSolomon;

/**
 * Backblaze's Reed-Solomon code over byte arrays that lie in one list: data first, then repairs.
 */
final class ReedSolomonShards {

  private final ReedSolomon code;

  ReedSolomonShards(int data, int repairs) {
    this.code = ReedSolomon.create(data, repairs);
  }

  /** Computes the repairs from the data, of the first {@code length} bytes of every shard. */
  void encode(byte[][] shards, int length) {
    code.encodeParity(shards, 0, length);
  }

  /** Computes the shards that are not {@code present}; at least as many as data must be. */
  void decode(byte[][] shards, boolean[] present, int length) {
    code.decodeMissing(shards, present, 0, length);
  }
}

package dev.farshore.log.image;

import dev.farshore.log.record.RecordFormat;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** The sum of one block, as the package's documentation defines it. */
public final class BlockSum {

  /** Sum of a hole. */
  public static final int HOLE = 0;

  /** Sum of zeros that are data. */
  public static final int ZEROS = 1;

  private static final int CRC_OF_ZEROS = crc(ByteBuffer.allocate(RecordFormat.BLOCK_BYTES));

  private BlockSum() {}

  /**
   * Sum of a block that holds data.
   *
   * @param block 4096 bytes from position to limit; not moved
   */
  public static int ofData(ByteBuffer block) {
    return ofCrc(crc(block));
  }

  /** Sum of a block that holds data with this CRC32C. */
  public static int ofCrc(int crc) {
    int difference = crc ^ CRC_OF_ZEROS;
    return difference == 0 ? ZEROS : difference;
  }

  /** Whether the bytes of a block are those that its sum was made of. */
  public static boolean matches(int sum, ByteBuffer block) {
    int difference = crc(block) ^ CRC_OF_ZEROS;
    return difference == sum || (difference == 0 && sum == ZEROS);
  }

  private static int crc(ByteBuffer block) {
    if (block.remaining() != RecordFormat.BLOCK_BYTES) {
      throw new IllegalArgumentException("a block of " + block.remaining() + " bytes");
    }
    CRC32C crc = new CRC32C();
    crc.update(block.duplicate());
    return (int) crc.getValue();
  }
}
